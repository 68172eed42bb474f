import { randomBytes } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { ready, server as opaque } from "@serenity-kit/opaque";
import { bytesToHex, hexToBytes, KeepsakeError, type Bytes } from "@keepsake/core/base";

/**
 * The server's own secrets. They lie in one file that only its owner reads, apart from the database and the objects, so
 * that a copy of those names nobody: contacts are sealed with them, names are kept as keyed hashes.
 */
export interface Secrets {
  /** Signs receipts of heads: Ed25519. */
  readonly receiptSeed: Bytes;
  /** Seals what the server must read again: contacts, tickets. */
  readonly sealingKey: Bytes;
  /** Hashes names, contacts and codes, so that they can be found and not read. */
  readonly indexKey: Bytes;
  /** What OPAQUE needs to know members again. */
  readonly opaqueSetup: string;
}

const KEY_BYTES = 32;
const names = ["receiptSeed", "sealingKey", "indexKey"] as const;

/** Reads the file, or makes it where there is none. Throws `server.bad-secrets`. */
export async function loadSecrets(path: string): Promise<Secrets> {
  await ready;
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new KeepsakeError("server.bad-secrets", { cause });
  });
  return text === undefined ? makeSecrets(path) : parseSecrets(text);
}

async function makeSecrets(path: string): Promise<Secrets> {
  const [receiptSeed, sealingKey, indexKey] = names.map(() => new Uint8Array(randomBytes(KEY_BYTES)));
  const secrets: Secrets = {
    receiptSeed: receiptSeed!,
    sealingKey: sealingKey!,
    indexKey: indexKey!,
    opaqueSetup: opaque.createSetup(),
  };
  const json = Object.fromEntries(names.map((name) => [name, bytesToHex(secrets[name])]));
  const file = await open(path, "wx", 0o600).catch((cause: unknown) => {
    throw new KeepsakeError("server.bad-secrets", { cause });
  });
  try {
    await file.writeFile(`${JSON.stringify({ ...json, opaqueSetup: secrets.opaqueSetup }, undefined, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return secrets;
}

function parseSecrets(text: string): Secrets {
  let json: Readonly<Record<string, unknown>>;
  try {
    json = JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    // The parser's message would show a piece of the file.
    throw new KeepsakeError("server.bad-secrets");
  }
  const key = (name: (typeof names)[number]): Bytes => {
    const value = json[name];
    const bytes = typeof value === "string" ? hexToBytes(value) : undefined;
    if (bytes?.length !== KEY_BYTES) throw new KeepsakeError("server.bad-secrets", { details: { name } });
    return bytes;
  };
  const { opaqueSetup } = json;
  if (typeof opaqueSetup !== "string" || opaqueSetup === "")
    throw new KeepsakeError("server.bad-secrets", { details: { name: "opaqueSetup" } });
  return {
    receiptSeed: key("receiptSeed"),
    sealingKey: key("sealingKey"),
    indexKey: key("indexKey"),
    opaqueSetup,
  };
}
