import { bytesToHex, hexToBytes, KeepsakeError, textToBytes, type Bytes } from "../../base/index.ts";
import type { Primitives } from "../../base/index.ts";

/*
 * What is blinded, and by what, comes from the payer's seed: every device of the member that has it asks for the very
 * same tickets, so that none is lost with a device or an answer, and none is asked for twice.
 */

/** What tickets are made with, and checked by. */
export interface Blinder {
  readonly primitives: Primitives;
  /** The seed of the payer's key. */
  readonly seed: Bytes;
  /** The server's key of tickets, as `pinnedTicketKey` gives it. */
  readonly key: string;
}

/** What a server answers for a ticket, in hex. */
export interface GivenTicket {
  readonly evaluated: string;
  readonly proof: string;
}

/** A ticket that was blinded: what the server is to see of it, and what becomes of its answer, all in hex. */
interface Blinded {
  readonly blinded: string;
  /** Throws `ticket.bad-proof` for what was not made with the server's one key. */
  readonly finish: (answer: GivenTicket | undefined) => { readonly input: string; readonly output: string };
}

/** Blinds the tickets of these infos: each is always the same for one seed. Throws `ticket.bad-proof`. */
export async function blindTickets(
  { primitives, seed, key: keyText }: Blinder,
  infos: readonly string[],
): Promise<readonly Blinded[]> {
  const poprf = await loadOprf();
  const key = hexToBytes(keyText);
  if (key === undefined) throw new KeepsakeError("ticket.bad-proof");
  return infos.map((info): Blinded => {
    const suite = poprf(textToBytes(info));
    const draw = drawer(primitives, seed, info);
    const input = draw("input", INPUT_BYTES);
    const { blind, blinded, tweakedKey } = suite.blind(input, key, (length = 0) => draw("blind", length));
    return {
      blinded: hexOf(blinded),
      finish: (answer) => {
        const { evaluated, proof } = proven(answer);
        try {
          const output = suite.finalize(input, blind, evaluated, blinded, proof, tweakedKey);
          return { input: hexOf(input), output: hexOf(output) };
        } catch (cause) {
          throw new KeepsakeError("ticket.bad-proof", { cause });
        }
      },
    };
  });
}

/** The OPRF is loaded with the first ticket: whoever pays for nothing never needs it. */
async function loadOprf() {
  const { ristretto255_oprf: oprf } = await import("@noble/curves/ed25519.js");
  return oprf.poprf;
}

const INPUT_BYTES = 32;

/** Bytes that only the seed gives, and always the same for one ticket. */
function drawer(primitives: Primitives, seed: Bytes, info: string): (what: string, length: number) => Bytes {
  const key = primitives.hmacSha256(seed, textToBytes(info));
  return (what, length) => {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += INPUT_BYTES) {
      const block = primitives.hmacSha256(key, textToBytes(`${what}\n${at}`));
      bytes.set(block.subarray(0, length - at), at);
    }
    return bytes;
  };
}

function proven(answer: GivenTicket | undefined): { readonly evaluated: Bytes; readonly proof: Bytes } {
  const [evaluated, proof] = [hexToBytes(answer?.evaluated ?? ""), hexToBytes(answer?.proof ?? "")];
  if (evaluated === undefined || proof === undefined) throw new KeepsakeError("ticket.bad-proof");
  return { evaluated, proof };
}

function hexOf(bytes: Uint8Array): string {
  return bytesToHex(new Uint8Array(bytes));
}
