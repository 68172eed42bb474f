import type { Run } from "../../context.ts";
import { open } from "../../device/open.ts";
import * as words from "../../ui/messages/keys.ts";

export const run: Run = async (context) => {
  const { output } = context;
  const { vault, snapshot } = await open(context);
  const names = new Map(snapshot.directory.devices);
  const rows = vault.document.devices.map(({ writer, revokedFrom }) => {
    const isThis = writer === vault.device?.writer;
    const isRevoked = revokedFrom !== undefined;
    const name = names.get(writer) ?? "";
    output.event("device", { writer, name, isThis, isRevoked });
    const state = isRevoked ? words.takenOut : isThis ? words.thisDevice : words.mayWrite;
    return [writer, name, output.text(state)];
  });
  const { number, name, state } = words.columns;
  const titles = [number, name, state].map((each) => ({ title: output.text(each) }));
  output.table(titles, rows);
  return { data: { devices: rows.length } };
};
