import { KeepsakeError, systemClock } from "@keepsake/core/base";
import { parseConfig } from "../../config.ts";
import { renewDayKeys } from "../database.ts";
import { read, usage, type Given } from "./given.ts";

/** `day-keys renew --yes`: goes on with the folder as it is, where the one that belongs to the database is lost. */
export async function dayKeysVerb({ words, environment, isChinese, say }: Given): Promise<void> {
  const { positionals, values } = read(words, { yes: "flag" });
  const [verb, ...more] = positionals;
  if (verb !== "renew" || more.length > 0) throw usage();
  const isMeant = values["yes"] === true;
  const lost = await renewDayKeys(parseConfig(environment), { isMeant, nowMs: systemClock.now() });
  say(
    isChinese
      ? `${lost} 个密钥令牌无法用此文件夹打开，对应的保险库要从成员的其他副本修复（keepsake repair）。`
      : `${lost} key tokens open with no key of this folder: their vaults have to be healed from their members' other copies (keepsake repair).`,
  );
  if (!isMeant) throw new KeepsakeError("cli.not-confirmed");
}
