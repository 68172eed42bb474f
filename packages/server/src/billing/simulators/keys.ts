import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

/** A pair of keys that a simulator makes for itself, and as settings have them. */
export interface SimKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly privatePem: string;
  readonly publicPem: string;
}

const generate = promisify(generateKeyPair);

export async function newRsaKey(): Promise<SimKey> {
  return withPem(await generate("rsa", { modulusLength: 2048 }));
}

export async function newEcKey(): Promise<SimKey> {
  return withPem(await generate("ec", { namedCurve: "P-256" }));
}

function withPem({ privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }): SimKey {
  return {
    privateKey,
    publicKey,
    privatePem: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    publicPem: publicKey.export({ type: "spki", format: "pem" }) as string,
  };
}
