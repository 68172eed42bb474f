import { memberEvents } from "@keepsake/core/client";
import type { Run } from "../../context.ts";
import { connect, parseAddress } from "../../device/stores/server.ts";
import * as words from "./words.ts";
import { instantText } from "../../ui/values.ts";

/** What happened at a server: who logged in, what was stored and removed; each entry is checked against the one before. */
export const run: Run = async (context) => {
  const { input, output } = context;
  const { connection } = await connect(context, parseAddress(input.args[0] ?? "").url);
  const rows: string[][] = [];
  for await (const event of memberEvents(connection)) {
    output.event("event", { ...event });
    const told = words.events[event.kind];
    const details = Object.entries(event.details).map(([name, value]) => `${name} ${value}`);
    const what = told === undefined ? event.kind : output.text(told);
    rows.push([instantText(event.atMs), what, event.session, details.join(", ")]);
  }
  const { time, kind, session, details } = words.eventColumns;
  output.table(
    [time, kind, session, details].map((each) => ({ title: output.text(each) })),
    rows,
  );
  return { data: { events: rows.length } };
};
