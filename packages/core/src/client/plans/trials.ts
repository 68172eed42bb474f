import { TRIAL_INFO, type Routes } from "../../protocol/index.ts";
import type { Bytes } from "../../base/index.ts";
import type { Connection } from "../connection.ts";
import { blindTickets } from "./blinding.ts";
import { pinnedTicketKey } from "./tickets.ts";

interface TryOptions {
  readonly payer: Connection;
  readonly member: Connection;
  /** The oldest of the vault's seeds of who pays. */
  readonly seed: Bytes;
  /** The server's key of tickets, as this device knows it. */
  readonly knownKey: string | undefined;
}

/**
 * Begins the one trial of a member: who stores is given a blinded ticket for it, and who pays shows it, so that neither
 * side learns of the other. Whatever is lost on the way, the same again goes on from there. Throws `ticket.no-trial`,
 * `ticket.changed-key`, `ticket.bad-proof`, `pay.already`, `pay.no-such-offer`.
 */
export async function tryPlan(
  plan: string,
  { payer, member, seed, knownKey }: TryOptions,
): Promise<{ readonly key: string; readonly line: Routes["POST /v1/pay/trials"]["answer"] }> {
  const key = await pinnedTicketKey(payer, knownKey);
  const [ticket] = await blindTickets({ primitives: payer.primitives, seed, key }, [TRIAL_INFO]);
  const { blinded, finish } = ticket!;
  const answer = await member.call("POST /v1/level/trial", { body: { blinded } });
  const line = await payer.call("POST /v1/pay/trials", { body: { plan, ...finish(answer) } });
  return { key, line };
}
