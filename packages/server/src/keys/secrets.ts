import { createHash, randomBytes } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ready, server as opaque } from "@serenity-kit/opaque";
import { bytesToHex, hexToBytes, KeepsakeError, type Bytes } from "@keepsake/core/base";
import type { Db } from "../db/index.ts";
import { syncFolder } from "../folder.ts";
import { randomLetters } from "./ids.ts";

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

const FACT = "secrets";

/**
 * The secrets of a database: reads the file, and makes it where a database has none yet and they may be made. Throws
 * `server.bad-secrets`, also where the file is missing or another's: members of this database could not log in with it.
 */
export async function secretsOf(
  { query }: Pick<Db, "query">,
  path: string,
  { mayMake = true }: { readonly mayMake?: boolean } = {},
): Promise<Secrets> {
  const fact = await query.selectFrom("fact").select("value").where("name", "=", FACT).executeTakeFirst();
  if ((fact !== undefined || !mayMake) && (await readSecrets(path)) === undefined)
    throw new KeepsakeError("server.bad-secrets");
  const secrets = await loadSecrets(path);
  const value = digestOf(secrets);
  await query
    .insertInto("fact")
    .values({ name: FACT, value })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .execute();
  const { value: known } = await query
    .selectFrom("fact")
    .select("value")
    .where("name", "=", FACT)
    .executeTakeFirstOrThrow();
  if (known !== value) throw new KeepsakeError("server.bad-secrets");
  return secrets;
}

/** Reads the file, or makes it where there is none. Throws `server.bad-secrets`. */
export async function loadSecrets(path: string): Promise<Secrets> {
  return (await readSecrets(path)) ?? (await makeSecrets(path));
}

/** Names the secrets and tells nothing of them. */
function digestOf({ receiptSeed, sealingKey, indexKey, opaqueSetup }: Secrets): string {
  const hash = createHash("sha256").update("keepsake/1/secrets\0");
  for (const key of [receiptSeed, sealingKey, indexKey]) hash.update(key);
  return hash.update(opaqueSetup).digest("hex");
}

/** What the file holds; undefined where there is none. Throws `server.bad-secrets`. */
export async function readSecrets(path: string): Promise<Secrets | undefined> {
  await ready;
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new KeepsakeError("server.bad-secrets", { cause });
  });
  return text === undefined ? undefined : parseSecrets(text);
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
  await writeWhole(path, `${JSON.stringify({ ...json, opaqueSetup: secrets.opaqueSetup }, undefined, 2)}\n`);
  // Another process may have been faster: what lies there counts.
  return (await readSecrets(path))!;
}

/** Makes a file for its owner alone, whole or not at all; one that is there stays. Throws `server.bad-secrets`. */
async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.${randomLetters(10)}`;
  try {
    await writeFile(part, text, { mode: 0o600, flag: "wx", flush: true });
    await link(part, path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    });
    await syncFolder(dirname(path));
  } catch (cause) {
    throw new KeepsakeError("server.bad-secrets", { cause });
  } finally {
    await rm(part, { force: true });
  }
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
