import { X509Certificate } from "node:crypto";
import { isJwtSigned, readJwt } from "../wire/jwt.ts";
import { badSignature } from "../problems.ts";
import { extensionsOf } from "./extensions.ts";

/*
 * What Apple signs comes with the chain of its certificate: a leaf that is for the App Store, an intermediate that is
 * Apple's for developers, and a root that the operator has from Apple. Others have leaves of the same root, so the two
 * marks are looked for as well: 1.2.840.113635.100.6.11.1 and 1.2.840.113635.100.6.2.1.
 */

const LEAF_MARK = "2a864886f76364060b01";
const INTERMEDIATE_MARK = "2a864886f76364060201";

/** What a signed text says, checked up to one of the roots, with certificates valid at a time. Throws `pay.bad-signature`. */
export function openJws(
  text: unknown,
  { roots, atMs }: { readonly roots: readonly X509Certificate[]; readonly atMs: (payload: object) => number },
): Readonly<Record<string, unknown>> {
  const jwt = readJwt(typeof text === "string" ? text : "");
  if (jwt === undefined) throw badSignature("shape");
  const [leaf, intermediate, root] = chainOf(jwt.header["x5c"]);
  const isRoot = roots.some(({ raw }) => raw.equals(root.raw));
  if (!isRoot || !isChain(leaf, intermediate, root)) throw badSignature("chain");
  const ms = atMs(jwt.payload);
  if (![leaf, intermediate, root].every((each) => isValid(each, ms))) throw badSignature("chain");
  if (!extensionsOf(leaf.raw).includes(LEAF_MARK)) throw badSignature("mark");
  if (!extensionsOf(intermediate.raw).includes(INTERMEDIATE_MARK)) throw badSignature("mark");
  if (!isJwtSigned(jwt, "ES256", leaf.publicKey)) throw badSignature("signature");
  return jwt.payload;
}

function chainOf(x5c: unknown): readonly [X509Certificate, X509Certificate, X509Certificate] {
  if (!Array.isArray(x5c) || x5c.length !== 3) throw badSignature("chain");
  try {
    const [leaf, intermediate, root] = x5c.map(
      (each) => new X509Certificate(Buffer.from(String(each), "base64")),
    );
    return [leaf!, intermediate!, root!];
  } catch {
    throw badSignature("chain");
  }
}

function isChain(leaf: X509Certificate, intermediate: X509Certificate, root: X509Certificate): boolean {
  const areKinds = root.ca && intermediate.ca && !leaf.ca;
  return areKinds && issued(intermediate, root) && issued(leaf, intermediate);
}

function issued(certificate: X509Certificate, by: X509Certificate): boolean {
  return certificate.checkIssued(by) && certificate.verify(by.publicKey);
}

function isValid({ validFromDate, validToDate }: X509Certificate, ms: number): boolean {
  return ms >= validFromDate.getTime() && ms <= validToDate.getTime();
}
