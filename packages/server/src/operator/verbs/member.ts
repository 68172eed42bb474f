import { KeepsakeError } from "@keepsake/core/base";
import { cellOfId } from "../../cells/tags.ts";
import type { Server } from "../../server.ts";
import { exportMember } from "../export/export.ts";
import { commandLine } from "../log.ts";
import { closeMember, holdMember, keepOn } from "../members.ts";
import { read, usage, withServer, type Given } from "./given.ts";

/** `member close ID | keep ID | hold ID | release ID | export ID --to FOLDER`, while no server has the embedded database; on PostgreSQL at any time. */
export async function memberVerb(given: Given): Promise<void> {
  const { positionals, values } = read(given.words, { to: "value" });
  const [verb, id, ...more] = positionals;
  const to = values["to"];
  if (id === undefined || cellOfId(id) === undefined || more.length > 0) throw usage();
  if (verb === "close") await withServer(given, (server) => close(given, server, id));
  else if (verb === "keep") await withServer(given, (server) => keepOn(server, commandLine, id));
  else if (verb === "hold" || verb === "release")
    await withServer(given, (server) =>
      holdMember(server, commandLine, { member: id, isHeld: verb === "hold" }),
    );
  else if (verb === "export" && typeof to === "string")
    await withServer(given, (server) => giveAway(given, server, { id, to }));
  else throw usage();
}

async function giveAway(
  { say }: Given,
  server: Server,
  { id, to }: { readonly id: string; readonly to: string },
): Promise<void> {
  const exported = await exportMember(server, id, to);
  say(JSON.stringify(exported));
  if (exported.missing > 0) throw new KeepsakeError("cli.partly", { details: { missing: exported.missing } });
}

async function close({ say, isChinese }: Given, server: Server, id: string): Promise<void> {
  const { daysLeft, receipt } = await closeMember(server, commandLine, id);
  say(
    isChinese
      ? `${daysLeft} 天后注销，期间每天通知其设备和联系方式。删除回执编号：${receipt}`
      : `Ends in ${daysLeft} days; its devices and contacts are told each day. Receipt: ${receipt}`,
  );
}
