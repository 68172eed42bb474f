import { adoptBlobs } from "../../vaults/ownership.ts";
import { read, usage, withServer, type Given } from "./given.ts";

/** `objects adopt`: from now on the objects are this database's, and no other server removes any. */
export async function objectsVerb(given: Given): Promise<void> {
  const [verb, ...more] = read(given.words, {}).positionals;
  if (verb !== "adopt" || more.length > 0) throw usage();
  await withServer(given, adoptBlobs);
  given.say(
    given.isChinese
      ? "这些对象现在归此数据库所有；其他使用同一位置的服务器不会再删除任何对象。"
      : "The objects are this database's now; another server on the same place removes none any more.",
  );
}
