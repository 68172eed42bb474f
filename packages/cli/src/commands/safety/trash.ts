import type { Connection } from "@keepsake/core/client";
import type { Routes } from "@keepsake/core/protocol";
import type { Run } from "../../context.ts";
import { vaultAt } from "../../device/stores/server.ts";
import { placeOf } from "../../device/stores/stores.ts";
import * as words from "../../ui/messages/server/safety.ts";
import { countText, instantText, sizeText } from "../../ui/values.ts";

type Removed = Routes["GET /v1/vaults/{vault}/trash"]["answer"]["objects"][number];

/** So many go back with one request. */
const AT_ONCE = 500;

/** What was removed from a vault on a server and can still be had back. */
export const run: Run = async (context) => {
  const { input, output } = context;
  const { connection, vault } = await vaultAt(context, await placeOf(input.args[0] ?? ""), "use");
  const removed = await trashOf(connection, vault);
  if (input.flag("restore")) {
    let restored = 0;
    for (let at = 0; at < removed.length; at += AT_ONCE) {
      const ids = removed.slice(at, at + AT_ONCE).map(({ id }) => id);
      const answer = await connection.call("POST /v1/vaults/{vault}/trash/restore", {
        params: { vault },
        body: { ids },
      });
      restored += answer.restored.length;
    }
    output.say(words.trashRestored, { n: countText(restored), of: countText(removed.length) });
    const data = { removed: removed.length, restored };
    return restored === removed.length ? { data } : { code: "cli.partly", data };
  }
  const rows = removed.map((each) => {
    output.event("removed", { ...each });
    return [each.name, sizeText(each.sizeBytes), instantText(each.removedMs), each.session];
  });
  const { name, size, time, session } = words.trashColumns;
  output.table(
    [
      { title: output.text(name) },
      { title: output.text(size), align: "right" },
      { title: output.text(time) },
      { title: output.text(session) },
    ],
    rows,
  );
  const bytes = removed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  output.say(words.trashSum, { n: countText(removed.length), size: sizeText(bytes) });
  return { data: { removed: removed.length, bytes } };
};

async function trashOf(connection: Connection, vault: string): Promise<readonly Removed[]> {
  const all: Removed[] = [];
  for (let after: string | undefined, isEnd = false; !isEnd;) {
    const page = await connection.call("GET /v1/vaults/{vault}/trash", {
      params: { vault },
      query: after === undefined ? {} : { after },
    });
    all.push(...page.objects);
    const last = page.objects.at(-1);
    after = last === undefined ? undefined : `${last.removedMs}-${last.id}`;
    isEnd = page.isEnd || after === undefined;
  }
  return all;
}
