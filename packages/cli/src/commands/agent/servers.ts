import { KeepsakeError } from "@keepsake/core/base";
import { memberEvents, type Closing, type Connection } from "@keepsake/core/client";
import type { Context } from "../../context.ts";
import { amendMembership, readMemberships, type KeptMembership } from "../../device/memberships.ts";
import { readProfiles } from "../../device/profile.ts";
import { connect } from "../../device/stores/server.ts";
import type { Words } from "../../ui/language.ts";
import * as words from "../../ui/messages/server/status.ts";
import { countText, instantText, sizeText } from "../../ui/values.ts";

/** A look is no wait: who does not answer within this time is said not to. */
const PATIENCE_MS = 5000;
const DAY_MS = 86_400_000;

/** What a server says of this device's membership, as far as somebody may want to do something about it. */
interface ServerStanding {
  readonly server: string;
  readonly usedBytes: number;
  readonly quotaBytes: number;
  readonly unseenEvents: number;
  /** Until when this login is limited. */
  readonly limitedUntilMs?: number;
  readonly resetUntilMs?: number;
  readonly closesInDays?: number;
  /** Who ends the membership. */
  readonly closedBy?: "member" | "operator";
  /** Other devices that wait to be approved. */
  readonly waitingDevices: number;
  /** When a helper could open the vault, where one asked to. */
  readonly helpFromMs?: number;
}

/** Every copy that this device knows of, and how this device stands with its servers. */
export async function printServers(context: Context): Promise<void> {
  await printKnown(context);
  const { env, output, signal } = context;
  for (const membership of await readMemberships(env)) {
    const { url: server } = membership;
    const limited = { ...context, signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) };
    try {
      printStanding(context, await standingAt(limited, membership));
    } catch (error) {
      if (signal.aborted || !KeepsakeError.is(error)) throw error;
      const code = error.code === "base.aborted" ? "server.unreachable" : error.code;
      output.event("server", { server, code });
      output.line(output.text(words.notReached, { server }));
      output.sentence(code);
    }
  }
}

async function printKnown({ env, output }: Context): Promise<void> {
  const rows: string[][] = [];
  for (const { vault, stores, leveledAt = {} } of await readProfiles(env))
    for (const [place, { number }] of Object.entries(stores)) {
      const at = leveledAt[place];
      output.event("known", { vault, place, version: number, leveledAt: at });
      rows.push([place, String(number), at === undefined ? "—" : instantText(at)]);
    }
  const { place, version, leveled } = words.knownColumns;
  output.table(
    [place, version, leveled].map((each) => ({ title: output.text(each) })),
    rows,
  );
}

async function standingAt(context: Context, membership: KeptMembership): Promise<ServerStanding> {
  const { signal, clock } = context;
  const { connection } = await connect(context, membership.url);
  const now = clock.now();
  const { usedBytes, quotaBytes, events, resetUntilMs } = await connection.call("GET /v1/member", { signal });
  const { devices } = await connection.call("GET /v1/devices", { signal });
  const own = devices.find(({ isThis }) => isThis)?.fullFromMs ?? 0;
  const { shares } = await connection.call("GET /v1/family", { signal });
  const asked = shares.filter(({ isOwn, state }) => isOwn && state !== "kept");
  const helpFrom = asked.map(({ waitDays, waitedMs }) => now + Math.max(0, waitDays * DAY_MS - waitedMs));
  const closing = await closingAt(connection, signal);
  // The receipt is to be had by its name alone, once all is gone.
  if (closing !== undefined && closing.receipt !== membership.deletionReceipt)
    await amendMembership(context.env, membership, (kept) => ({ ...kept, deletionReceipt: closing.receipt }));
  return {
    server: membership.url,
    usedBytes,
    quotaBytes,
    unseenEvents: await unseenAt({ connection, signal }, membership, events),
    waitingDevices: devices.filter(({ isThis, fullFromMs }) => !isThis && fullFromMs > now).length,
    ...(own > now && { limitedUntilMs: own }),
    ...(resetUntilMs > now && { resetUntilMs }),
    ...(closing !== undefined && { closesInDays: closing.daysLeft, closedBy: closing.by }),
    ...(helpFrom.length > 0 && { helpFromMs: Math.min(...helpFrom) }),
  };
}

/** So many entries are looked at: behind more of them nobody looks at each. */
const MOST_UNSEEN = 5000;

/** What others did since this device looked last: its own backups are no news. */
async function unseenAt(
  { connection, signal }: { readonly connection: Connection; readonly signal: AbortSignal },
  { events: seen, session: own }: KeptMembership,
  newest: number,
): Promise<number> {
  const behind = Math.max(0, newest - (seen?.number ?? 0));
  if (behind === 0 || behind > MOST_UNSEEN) return behind;
  let unseen = 0;
  for await (const { session } of memberEvents(connection, { seen, signal })) if (session !== own) unseen++;
  return unseen;
}

/** Undefined where the membership is not being ended. */
async function closingAt(connection: Connection, signal: AbortSignal): Promise<Closing | undefined> {
  try {
    return await connection.call("GET /v1/closing", { signal });
  } catch (error) {
    if (KeepsakeError.is(error, "request.not-found")) return undefined;
    throw error;
  }
}

function printStanding({ output }: Context, standing: ServerStanding): void {
  output.event("server", { ...standing });
  const { server, usedBytes, quotaBytes, unseenEvents, waitingDevices } = standing;
  const { limitedUntilMs, resetUntilMs, closesInDays, closedBy, helpFromMs } = standing;
  const [used, quota] = [sizeText(usedBytes), sizeText(quotaBytes)];
  output.line(output.text(words.server, { server, used, quota }));
  const told: readonly (readonly [Words, string | undefined])[] = [
    [words.limitedUntil, timeOf(limitedUntilMs)],
    [words.resetUntil, timeOf(resetUntilMs)],
    [closedBy === "operator" ? words.closedFor : words.closesIn, closesInDays?.toString()],
    [words.helpFrom, timeOf(helpFromMs)],
    [words.waitingDevices, countOf(waitingDevices)],
    [words.unseenEvents, countOf(unseenEvents)],
  ];
  for (const [sentence, value] of told)
    if (value !== undefined) output.line(`  ${output.text(sentence, { server, value })}`);
}

function timeOf(instantMs: number | undefined): string | undefined {
  return instantMs === undefined ? undefined : instantText(instantMs);
}

function countOf(count: number): string | undefined {
  return count === 0 ? undefined : countText(count);
}
