import { bytesToText, concatBytes, KeepsakeError, textToBytes, type Bytes } from "../base/index.ts";
import {
  checkFileHeader,
  fileHeader,
  HEADER_BYTES,
  openObject,
  packContent,
  SEAL_OVERHEAD_BYTES,
  sealObject,
  unpackContent,
} from "./seal/index.ts";
import { ladderSize } from "./pack/index.ts";
import { randomName } from "./store/names.ts";
import type { Store } from "./store/store.ts";
import type { Vault } from "./vault.ts";

/** A note of what an unfinished run has stored: FORMAT.md, "Journals". */
export interface StoredJournal {
  readonly name: string;
  readonly value: unknown;
}

/** The form of what is noted; notes of any other are left alone. */
const FORM = 1;
const LIMIT_BYTES = 64 * 1024 * 1024;
/** Header, seal and length around a journal of one frame; more frames make the file a little larger. */
const OVERHEAD_BYTES: number = HEADER_BYTES + SEAL_OVERHEAD_BYTES + 4;

/** Writes a journal, filled up to a size of the ladder. Returns its name. */
export async function writeJournal(vault: Vault, value: unknown): Promise<string> {
  const { primitives, store, id: vaultId, keyring } = vault;
  const { pack: key, epoch } = keyring.newest;
  for (;;) {
    const name = randomName(primitives);
    const content = packContent(primitives, textToBytes(JSON.stringify([FORM, value])));
    const context = { type: "journal", vaultId, epoch, id: textToBytes(name) } as const;
    const filled = new Uint8Array(ladderSize(content.length + OVERHEAD_BYTES) - OVERHEAD_BYTES);
    filled.set(content);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, content.length);
    const sealed = await sealObject(primitives, key, { context, plain: [length, filled] });
    const file = concatBytes(fileHeader("journal"), sealed);
    // Keys of new collections are noted in it.
    if ((await store.put(`journals/${name}`, file, { holdsKeys: true })) === "stored") return name;
  }
}

/** All journals that can be read with the keys at hand; others are left alone. */
export async function readJournals(vault: Vault): Promise<StoredJournal[]> {
  const journals: StoredJournal[] = [];
  for await (const { name } of vault.store.list("journals/")) {
    const value = await readJournal(vault, name.slice("journals/".length));
    if (value !== undefined) journals.push({ name, value });
  }
  return journals;
}

async function fileOf(store: Store, name: string): Promise<Bytes | undefined> {
  try {
    return await store.get(name, undefined, { holdsKeys: true });
  } catch (error) {
    if (!KeepsakeError.is(error, "server.bad-key-token")) throw error;
    return undefined;
  }
}

async function readJournal(vault: Vault, name: string): Promise<unknown> {
  const { primitives, store, id: vaultId, keyring } = vault;
  const file = await fileOf(store, `journals/${name}`);
  if (file === undefined) return undefined;
  for (const { pack: key, epoch } of keyring.all) {
    try {
      checkFileHeader(file, "journal");
      const context = { type: "journal", vaultId, epoch, id: textToBytes(name) } as const;
      const filled = await openObject(primitives, key, context, file.slice(HEADER_BYTES));
      const end = 4 + new DataView(filled.buffer, filled.byteOffset).getUint32(0);
      const content = unpackContent(primitives, filled.slice(4, end), LIMIT_BYTES);
      const [form, value] = JSON.parse(bytesToText(content)) as [number, unknown];
      return form === FORM ? value : undefined;
    } catch (error) {
      if (!KeepsakeError.is(error, "vault.corrupt")) throw error;
    }
  }
  return undefined;
}
