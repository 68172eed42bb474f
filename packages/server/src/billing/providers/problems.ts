import { KeepsakeError } from "@keepsake/core/base";

/*
 * What goes wrong with a provider. Its messages may name people, accounts and addresses: only its codes are kept, and
 * only where they look like one.
 */

/** The provider does not answer, is busy, or answered what nobody understands: later it may. */
export function away(why: string, status?: number): KeepsakeError {
  return new KeepsakeError("pay.provider-away", {
    retry: "later",
    details: { why: codeOf(why), ...(status === undefined ? {} : { status }) },
  });
}

/** The provider, or we before asking it, said no. */
export function refused(why: unknown): KeepsakeError {
  return new KeepsakeError("pay.refused", { details: { why: codeOf(why) } });
}

/** Not from the provider, changed, too old, or meant for somebody else. */
export function badSignature(why: string): KeepsakeError {
  return new KeepsakeError("pay.bad-signature", { details: { why } });
}

function codeOf(why: unknown): string {
  return typeof why === "string" && /^[\w.:-]{1,80}$/.test(why) ? why : "unknown";
}
