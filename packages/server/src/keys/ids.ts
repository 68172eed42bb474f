import { createHash, randomBytes } from "node:crypto";

const alphabet = "0123456789abcdefghijklmnopqrstuv";
const ID_LETTERS = 26;

/** Sixteen random bytes as 26 letters and digits. */
export function randomId(): string {
  return randomLetters(ID_LETTERS);
}

/** So many random letters and digits, five bits each. */
export function randomLetters(length: number): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte & 31]).join("");
}

/** A session's token: 32 random bytes. */
export function randomToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What is stored of a token. */
export function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
