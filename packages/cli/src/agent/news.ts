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

/**
 * Looks at the logs of all servers that this device is logged in to, from where it looked last; the first time it only
 * remembers how far they go. A server that does not answer has no news.
 */
export async function newsOfServers(
  env: NodeJS.ProcessEnv,
  primitives: Primitives,
  signal: AbortSignal,
): Promise<readonly News[]> {
  const all: News[] = [];
  for (const membership of await readMemberships(env)) {
    if (signal.aborted) break;
    const news = await newsOf(env, primitives, membership).catch((error: unknown): News | undefined => {
      if (!KeepsakeError.is(error)) throw error;
      const isBad = error.code === "server.bad-log";
      return isBad ? { server: membership.url, kinds: [], problem: error.code } : undefined;
    });
    if (news !== undefined) all.push(news);
  }
  return all;
}

async function newsOf(
  env: NodeJS.ProcessEnv,
  primitives: Primitives,
  membership: KeptMembership,
): Promise<News | undefined> {
  const { url, session: own, heard: seen } = membership;
  // Whoever has no server does not pay for this.
  const { Connection, memberEvents } = await import("@keepsake/core/client");
  const connection = new Connection({ url, primitives, credentials: membership });
  const kinds = new Set<AlarmingKind>();
  let last: EventAnchor | undefined = seen;
  for await (const { number, hash, kind, session } of memberEvents(connection, { seen })) {
    last = { number, hash };
    if (seen !== undefined && session !== own && isAlarming(kind)) kinds.add(kind);
  }
  if (last !== undefined && last !== seen) await note(env, membership, last);
  return kinds.size === 0 ? undefined : { server: url, kinds: [...kinds] };
}

async function note(env: NodeJS.ProcessEnv, membership: KeptMembership, heard: EventAnchor): Promise<void> {
  await amendMembership(env, membership, (kept) => ({ ...kept, heard }));
}
