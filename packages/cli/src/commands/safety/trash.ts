import { bringBack, trashLines, type Connection } from "@keepsake/core/client";
import type { Context, Run } from "../../context.ts";
import { vaultAt } from "../../device/stores/server.ts";
import { placeOf } from "../../device/stores/stores.ts";
import * as words from "../../ui/messages/server/safety.ts";
import type { Outcome } from "../../ui/output.ts";
import { countText, instantText, sizeText } from "../../ui/values.ts";

/** What was removed from a vault on a server and can still be had back. */
export const run: Run = async (context) => {
  const { input, output } = context;
  const { connection, vault } = await vaultAt(context, await placeOf(input.args[0] ?? ""), "use");
  const sinceMs = input.time("restoreSince");
  if (sinceMs !== undefined) return restore(context, connection, { vault, sinceMs });
  const rows: string[][] = [];
  let bytes = 0;
  for await (const removed of trashLines(connection, vault)) {
    output.event("removed", { ...removed });
    bytes += removed.sizeBytes;
    const { name, sizeBytes, removedMs, session } = removed;
    rows.push([name, sizeText(sizeBytes), instantText(removedMs), session]);
  }
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
  output.say(words.trashSum, { n: countText(rows.length), size: sizeText(bytes) });
  return { data: { removed: rows.length, bytes } };
};

async function restore(
  { output }: Context,
  connection: Connection,
  since: { readonly vault: string; readonly sinceMs: number },
): Promise<Outcome> {
  const { length: restored } = await bringBack(connection, since);
  output.say(words.trashRestored, { n: countText(restored), time: instantText(since.sinceMs) });
  return { data: { restored } };
}
