import { KeepsakeError } from "@keepsake/core/base";
import { indexOf, seal, unseal } from "../../keys/sealed.ts";
import type { Secrets } from "../../keys/secrets.ts";
import type { ContactKind } from "../../notices/channel.ts";

/** An address, or a number in the form of E.164. */
export interface Contact {
  readonly kind: ContactKind;
  readonly to: string;
}

const LONGEST = 200;
const email =
  /^[^\s@<>,;:"()[\]\\\p{Cc}\p{Cs}]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,}$/u;
const phone = /^\+[1-9]\d{6,14}$/;
const chinesePhone = /^\+861[3-9]\d{9}$/;

/** One form for all ways to type a contact. Throws `member.bad-contact`. */
export function normalContact({ kind, to }: Contact): Contact {
  const normal = asContact(to);
  if (normal?.kind !== kind) throw new KeepsakeError("member.bad-contact", { details: { what: kind } });
  return normal;
}

/** What somebody typed, if it can be a contact. */
export function asContact(typed: string): Contact | undefined {
  const text = typed.normalize("NFKC").trim();
  if (text.length > LONGEST) return undefined;
  if (email.test(text)) return { kind: "email", to: text };
  const number = text.replace(/[\s().-]/g, "");
  if (!phone.test(number) || (number.startsWith("+86") && !chinesePhone.test(number))) return undefined;
  return { kind: "phone", to: number };
}

/** How a contact is found again; nobody who has the database alone can read it. */
export function contactIndex(secrets: Secrets, { kind, to }: Contact): string {
  return indexOf(secrets, `contact/${kind}`, to.toLowerCase());
}

export function sealContact(secrets: Secrets, { to }: Contact): Uint8Array {
  return seal(secrets, "contact", Buffer.from(to));
}

/** Throws `server.bad-secrets` where it was sealed with others. */
export function unsealContact(secrets: Secrets, kind: ContactKind, sealed: Uint8Array): Contact {
  const bytes = unseal(secrets, "contact", sealed);
  if (bytes === undefined) throw new KeepsakeError("server.bad-secrets");
  return { kind, to: Buffer.from(bytes).toString() };
}

/** As much of a contact as lets its owner know it. */
export function maskedContact({ kind, to }: Contact): string {
  if (kind === "phone") return `${to.slice(0, 3)}****${to.slice(-4)}`;
  const at = to.lastIndexOf("@");
  return `${[...to][0]}***${to.slice(at)}`;
}
