import { KeepsakeError } from "@keepsake/core/base";
import { indexOf } from "../keys/sealed.ts";
import { asContact, contactIndex } from "./contacts/contact.ts";
import { randomLetters } from "../keys/ids.ts";
import type { Secrets } from "../keys/secrets.ts";

const LONGEST = 100;
/** Many a Chinese name has two characters. */
const SHORTEST = 2;

/** How a name that a member logs in with is stored: nobody who has the database alone can read it. */
export function nameIndex(secrets: Secrets, name: string): string {
  return indexOf(secrets, "name", normalName(name));
}

/**
 * How what a member types to log in may be stored, the likelier first: a contact that was proven comes before a name
 * that merely looks like one. Throws `member.bad-name` where it can be neither.
 */
export function loginIndices(secrets: Secrets, typed: string): readonly [string, ...string[]] {
  const contact = asContact(typed);
  if (contact === undefined) return [nameIndex(secrets, typed)];
  const isName = !/\s/.test(typed.trim());
  return [contactIndex(secrets, contact), ...(isName ? [nameIndex(secrets, typed)] : [])];
}

/** One form for all ways to type a name. Throws `member.bad-name` where it cannot be one. */
export function normalName(name: string): string {
  const normal = name.normalize("NFKC").trim().toLowerCase();
  const { length } = [...normal];
  if (length < SHORTEST || length > LONGEST || /[\p{Cc}\p{Cs}\s]/u.test(normal))
    throw new KeepsakeError("member.bad-name");
  return normal;
}

/** A name for a member who gives none: easily read aloud, with no letter that looks like a digit. */
export function inventedName(): string {
  const letters = randomLetters(12).replace(/[01lio]/g, (letter) => "wxyzw"["01lio".indexOf(letter)]!);
  return `k-${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`;
}
