import { sign, verify, type KeyObject } from "node:crypto";

/* JSON Web Tokens, of the two kinds that providers use. */

type Alg = "ES256" | "RS256";

export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

const MOST_LETTERS = 200_000;

export function signJwt(
  alg: Alg,
  { header, payload }: Pick<Jwt, "header" | "payload">,
  key: KeyObject,
): string {
  const text = [{ ...header, alg }, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const signature = sign("sha256", Buffer.from(text), options(alg, key));
  return `${text}.${signature.toString("base64url")}`;
}

/** The parts of a token, of which nothing is checked; undefined for what is none. */
export function readJwt(text: string): Jwt | undefined {
  const match = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(text.length > MOST_LETTERS ? "" : text);
  if (match === null) return undefined;
  const [, header = "", payload = "", signature = ""] = match;
  try {
    const [first, second] = [header, payload].map(
      (part) => Object(JSON.parse(Buffer.from(part, "base64url").toString("utf8"))) as Jwt["payload"],
    );
    const signed = Buffer.from(`${header}.${payload}`);
    return { header: first!, payload: second!, signed, signature: Buffer.from(signature, "base64url") };
  } catch {
    return undefined;
  }
}

/** Whether a token says that it is signed this way, and is. */
export function isJwtSigned(jwt: Jwt, alg: Alg, key: KeyObject): boolean {
  const isKind = key.asymmetricKeyType === (alg === "ES256" ? "ec" : "rsa");
  const isCurve = alg === "RS256" || key.asymmetricKeyDetails?.namedCurve === "prime256v1";
  if (jwt.header["alg"] !== alg || !isKind || !isCurve) return false;
  return verify("sha256", jwt.signed, options(alg, key), jwt.signature);
}

function options(alg: Alg, key: KeyObject): { key: KeyObject; dsaEncoding?: "ieee-p1363" } {
  return alg === "ES256" ? { key, dsaEncoding: "ieee-p1363" } : { key };
}
