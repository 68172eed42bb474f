import { sign, verify, type KeyObject } from "node:crypto";

/* Alipay's RSA2: SHA-256 with RSA over name=value pairs, sorted, of what is not empty. */

export type Fields = Readonly<Record<string, string>>;

export function signFields(fields: Fields, key: KeyObject): string {
  return sign("sha256", Buffer.from(textOf(fields, ["sign"])), key).toString("base64");
}

/** Whether a request is signed: over all that it says. */
export function isRequestSigned(fields: Fields, key: KeyObject): boolean {
  return isSigned(fields, ["sign"], key);
}

/** Whether a call is signed: most are without the type of the signature, some with it. */
export function isCallSigned(fields: Fields, key: KeyObject): boolean {
  return isSigned(fields, ["sign", "sign_type"], key) || isSigned(fields, ["sign"], key);
}

function isSigned(fields: Fields, without: readonly string[], key: KeyObject): boolean {
  const signature = Buffer.from(fields["sign"] ?? "", "base64");
  return verify("sha256", Buffer.from(textOf(fields, without)), key, signature);
}

function textOf(fields: Fields, without: readonly string[]): string {
  return Object.entries(fields)
    .filter(([name, value]) => !without.includes(name) && value !== "")
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/**
 * The part of an answer that is signed, as it came: the value behind the name. Undefined where there is none. Reading and
 * writing it again could change its letters.
 */
export function signedPart(text: string, name: string): string | undefined {
  const at = text.indexOf(`"${name}"`);
  const start = at < 0 ? -1 : text.indexOf("{", at);
  if (start < 0) return undefined;
  let depth = 0;
  for (let end = start, isText = false; end < text.length; end++) {
    const letter = text[end];
    if (isText && letter === "\\") end++;
    else if (letter === '"') isText = !isText;
    else if (!isText && letter === "{") depth++;
    else if (!isText && letter === "}" && --depth === 0) return text.slice(start, end + 1);
  }
  return undefined;
}
