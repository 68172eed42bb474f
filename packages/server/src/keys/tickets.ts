import { timingSafeEqual } from "node:crypto";
import { ristretto255_oprf as oprf } from "@noble/curves/ed25519.js";
import { KeepsakeError } from "@keepsake/core/base";
import { periodOf, ticketsAhead, type TicketTerms } from "@keepsake/core/protocol";
import { keyFor } from "./sealed.ts";
import type { Secrets } from "./secrets.ts";

/*
 * The arithmetic of tickets: RFC 9497, POPRF over ristretto255 with SHA-512. There is one key for everybody and all
 * time; what a ticket is for goes in as public information. Who gives tickets out sees them blinded, and who takes them
 * computes them again.
 */

interface TicketKeys {
  readonly secretKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

const known = new WeakMap<Secrets, TicketKeys>();

function keysOf(secrets: Secrets): TicketKeys {
  const there = known.get(secrets);
  if (there !== undefined) return there;
  const seed = new Uint8Array(keyFor(secrets.sealingKey, "tickets"));
  const keys = poprf("").deriveKeyPair(seed, Buffer.from("keepsake/1/tickets"));
  known.set(secrets, keys);
  return keys;
}

function poprf(info: string) {
  return oprf.poprf(Buffer.from(info));
}

/** The key by which clients check what they are given, in hex. */
export function ticketKey(secrets: Secrets): string {
  return Buffer.from(keysOf(secrets).publicKey).toString("hex");
}

/** Evaluates a blinded element for what its info says, with the proof that the one key was used. Undefined for what is no such element. */
export function evaluateBlinded(
  secrets: Secrets,
  info: string,
  blinded: string,
): { readonly evaluated: string; readonly proof: string } | undefined {
  const { secretKey } = keysOf(secrets);
  try {
    const { evaluated, proof } = poprf(info).blindEvaluate(secretKey, Buffer.from(blinded, "hex"));
    return { evaluated: Buffer.from(evaluated).toString("hex"), proof: Buffer.from(proof).toString("hex") };
  } catch {
    return undefined;
  }
}

/** Whether a ticket is one that was given out for what this info says. */
export function isTicket(
  secrets: Secrets,
  info: string,
  { input, output }: { readonly input: string; readonly output: string },
): boolean {
  const own = poprf(info).evaluate(keysOf(secrets).secretKey, Buffer.from(input, "hex"));
  const given = Buffer.from(output, "hex");
  return given.length === own.length && timingSafeEqual(own, given);
}

/** Throws `ticket.wrong-time` for what was over on the earliest day, or is further ahead than tickets go. */
export function requireSoon(
  { kind, period }: Pick<TicketTerms, "kind" | "period">,
  { earliest, today }: { readonly earliest: number; readonly today: number },
): void {
  const now = periodOf(kind, today);
  if (period < periodOf(kind, earliest) || period > now + ticketsAhead[kind])
    throw new KeepsakeError("ticket.wrong-time", { details: { kind, period, now } });
}
