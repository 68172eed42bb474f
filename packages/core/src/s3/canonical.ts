import { bytesToHex, textToBytes, type Bytes, type Primitives } from "../base/index.ts";

/** Name and value of a query's parameter, neither encoded. */
export type Parameter = readonly [name: string, value: string];

/** A request as Signature V4 looks at it. */
export interface SigningRequest {
  readonly method: string;
  /** With its port, where that is not the scheme's own. */
  readonly host: string;
  /** Begins with a slash; not encoded. */
  readonly path: string;
  readonly query: readonly Parameter[];
  /** By lower-case name; all of them are signed, and `host` with them. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body in hex, or a literal such as UNSIGNED-PAYLOAD. */
  readonly payloadHash: string;
}

const unreserved = /^[A-Za-z0-9\-._~]$/;
const encoded = Array.from({ length: 256 }, (_, byte) => {
  const letter = String.fromCharCode(byte);
  return unreserved.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
});

/** Percent-encodes every byte of the text's UTF-8 but letters, digits and `-._~`, as Signature V4 wants it. */
export function encodeUri(text: string): string {
  return Array.from(textToBytes(text), (byte) => encoded[byte]).join("");
}

/** As `encodeUri`, with slashes left as they are: the one form in which a path is sent and signed. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeUri).join("/");
}

/** The parameters encoded and in their order: the one form in which a query is sent and signed. */
export function encodeQuery(query: readonly Parameter[]): string {
  return query
    .map(([name, value]) => [encodeUri(name), encodeUri(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The names of the headers that are signed, in their order. */
export function signedHeaders({ headers }: SigningRequest): readonly string[] {
  return [...new Set(["host", ...Object.keys(headers)])].sort(compare);
}

/** The text that a signature is about in the end: every part of the request in one fixed form. */
export function canonicalRequest(request: SigningRequest): string {
  const names = signedHeaders(request);
  const valueOf = (name: string): string => (name === "host" ? request.host : request.headers[name]!);
  return [
    request.method,
    encodePath(request.path),
    encodeQuery(request.query),
    ...names.map((name) => `${name}:${valueOf(name).trim().replace(/ +/g, " ")}`),
    "",
    names.join(";"),
    request.payloadHash,
  ].join("\n");
}

/** What signing needs of the platform. */
export type Hashing = Pick<Primitives, "sha256" | "hmacSha256">;

export function sha256Hex(hashing: Hashing, bytes: Bytes): string {
  return bytesToHex(hashing.sha256(bytes));
}
