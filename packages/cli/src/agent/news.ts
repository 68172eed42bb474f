import type { EventAnchor } from "@keepsake/core/client";
import { KeepsakeError, type Code, type Primitives } from "@keepsake/core/base";
import { isAlarming, type AlarmingKind } from "@keepsake/core/protocol";
import { amendMembership, readMemberships, type KeptMembership } from "../device/memberships.ts";

/** What happened at a server that its member is to know at once, whoever did it. */
export interface News {
  readonly server: string;
  /** Of what others than this device did, each kind once. */
  readonly kinds: readonly AlarmingKind[];
  /** Where the server's log is not what it was. */
  readonly problem?: Code;
}

/** A server that takes longer is asked again the next time: the agent has other things to do. */
const PATIENCE_MS = 10_000;

/**
 * Looks at the logs of all servers that this device is logged in to, from where it looked last; the first time it only
 * remembers how far they go. It remembers that once the next is asked for: news that nobody was told come again. A
 * server that does not answer has none.
 */
export async function* newsOfServers(
  env: NodeJS.ProcessEnv,
  primitives: Primitives,
  signal: AbortSignal,
): AsyncGenerator<News> {
  for (const membership of await readMemberships(env)) {
    const { url: server, heard } = membership;
    const limited = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    const found = await lookAt(membership, primitives, limited).catch((error: unknown): Found => {
      if (!KeepsakeError.is(error)) throw error;
      return { kinds: [], last: heard, problem: error.code === "server.bad-log" ? error.code : undefined };
    });
    if (signal.aborted) return;
    const { kinds, last, problem } = found;
    if (problem !== undefined) yield { server, kinds, problem };
    else if (kinds.length > 0) yield { server, kinds };
    if (last !== undefined && last !== heard)
      await amendMembership(env, membership, (kept) => ({ ...kept, heard: last }));
  }
}

interface Found {
  readonly kinds: readonly AlarmingKind[];
  readonly last: EventAnchor | undefined;
  readonly problem?: Code | undefined;
}

async function lookAt(
  { url, session: own, heard: seen, ...credentials }: KeptMembership,
  primitives: Primitives,
  signal: AbortSignal,
): Promise<Found> {
  // Whoever has no server does not pay for this.
  const { Connection, memberEvents } = await import("@keepsake/core/client");
  const connection = new Connection({ url, primitives, credentials });
  const kinds = new Set<AlarmingKind>();
  let last = seen;
  for await (const { number, hash, kind, session } of memberEvents(connection, { seen, signal })) {
    last = { number, hash };
    if (seen !== undefined && session !== own && isAlarming(kind)) kinds.add(kind);
  }
  return { kinds: [...kinds], last };
}
