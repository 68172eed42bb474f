import { memberEvents } from "@keepsake/core/client";
import { eventText } from "@keepsake/core/protocol";
import type { Run } from "../../context.ts";
import { amendMembership } from "../../device/memberships.ts";
import { connect, parseAddress } from "../../device/stores/server.ts";
import { noNewEvents } from "../../ui/messages/server/events.ts";
import * as words from "../../ui/messages/server/server.ts";
import { instantText } from "../../ui/values.ts";

/**
 * What happened at a server: who logged in, what was stored and removed; each entry is checked against the one before,
 * and the log against what this device saw of it last.
 */
export const run: Run = async (context) => {
  const { input, output, env } = context;
  const { connection, membership } = await connect(context, parseAddress(input.args[0] ?? "").url);
  const rows: string[][] = [];
  const isAll = input.flag("all");
  const seen = input.flag("acceptOlder") ? undefined : membership.events;
  let last = seen;
  for await (const event of memberEvents(connection, { seen, isAll })) {
    last = { number: event.number, hash: event.hash };
    output.event("event", { ...event });
    const told = eventText(event.kind);
    const details = Object.entries(event.details).map(([name, value]) => `${name} ${value}`);
    const what = told === undefined ? event.kind : output.text(told);
    rows.push([instantText(event.atMs), what, event.session, details.join(", ")]);
  }
  await amendMembership(env, membership, (kept) => {
    const isKept = last === undefined || (seen !== undefined && (kept.events?.number ?? 0) > last.number);
    return isKept ? kept : { ...kept, events: last! };
  });
  if (rows.length === 0) output.say(noNewEvents);
  const { time, kind, session, details } = words.eventColumns;
  output.table(
    [time, kind, session, details].map((each) => ({ title: output.text(each) })),
    rows,
  );
  return { data: { events: rows.length } };
};
