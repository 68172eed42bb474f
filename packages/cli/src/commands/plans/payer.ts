import { KeepsakeError } from "@keepsake/core/base";
import type { Connection } from "@keepsake/core/client";
import { bringLevel, openPayer } from "@keepsake/core/client/plans";
import { dayOf } from "@keepsake/core/protocol";
import { payerSeeds, type Vault } from "@keepsake/core/vault";
import type { Context } from "../../context.ts";
import { amendMembership, readMembership, type KeptMembership } from "../../device/memberships.ts";
import { connect, parseAddress } from "../../device/stores/server.ts";

/** Who pays for a vault on a server, and the member that it stores there as: two ways that share nothing but the line. */
export interface Payer {
  readonly payer: Connection;
  readonly member: Connection;
  readonly membership: KeptMembership;
}

/** The account that pays for a vault on a server; undefined where there is none and none is to be made. */
export async function payerOf(
  context: Context,
  vault: Vault,
  url: string,
  { isNew }: { readonly isNew: boolean },
): Promise<Payer | undefined> {
  const { connection, membership } = await connect(context, url);
  const payer = await openPayer(connection, payerSeeds(vault), { isNew });
  return payer === undefined ? undefined : { payer, member: connection, membership };
}

/** Brings the member the room that is paid for. Throws `ticket.changed-key`, `ticket.bad-proof`. */
export async function bringPaid(
  { env, clock }: Context,
  vault: Vault,
  { payer, member, membership }: Payer,
): Promise<void> {
  const { ticketKey } = membership;
  const now = clock.now();
  const kept = ticketKey === undefined ? undefined : { key: ticketKey, tickets: [] };
  const seed = payerSeeds(vault).at(-1)!;
  const { kept: after } = await bringLevel({ payer, member, seed, kept, now });
  await amendMembership(env, membership, (known) => ({
    ...known,
    ticketKey: after.key,
    isPaid: after.tickets.some(({ kind }) => kind === "week"),
    levelDay: dayOf(now),
  }));
}

/**
 * Brings what is paid for on each server of a vault, once a day. Nothing of it fails what the command is about: it is
 * tried again the next day, and what was brought before reaches weeks ahead.
 */
export async function bringPaidDaily(
  context: Context,
  vault: Vault,
  places: readonly string[],
): Promise<void> {
  const today = dayOf(context.clock.now());
  for (const place of places.filter((each) => /^https?:/.test(each))) {
    const { url } = parseAddress(place);
    try {
      const membership = await readMembership(context.env, url);
      if (membership === undefined || membership.levelDay === today) continue;
      const payer = await payerOf(context, vault, url, { isNew: false });
      if (payer !== undefined) await bringPaid(context, vault, payer);
      else await amendMembership(context.env, membership, (kept) => ({ ...kept, levelDay: today }));
    } catch (error) {
      if (!KeepsakeError.is(error)) throw error;
      context.output.event("level", { server: url, code: error.code });
    }
  }
}
