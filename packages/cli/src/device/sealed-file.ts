import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  bytesToHex,
  bytesToText,
  concatBytes,
  textToBytes,
  u64ToBytes,
  type Bytes,
  type Primitives,
} from "@keepsake/core/base";
import { readIfThere, writePrivate } from "./folders.ts";
import { cacheFolder } from "../where.ts";

/** A text that this device keeps in its cache, sealed with a key of its own. */
export interface SealedFile {
  /** Undefined where there is none, or it cannot be read: then it counts as lost. */
  load(): Promise<string | undefined>;
  /** Undefined takes it away. */
  save(text: string | undefined): Promise<void>;
}

export interface SealedFileOptions {
  readonly primitives: Primitives;
  readonly env: NodeJS.ProcessEnv;
  readonly seed: Bytes;
  /** What the file is called after its name, such as `stamps`. */
  readonly kind: string;
  /** The vault and the source's place, by which the file is named. */
  readonly of: readonly string[];
}

const TAG_BYTES = 16;
const NONCE_BYTES = 12;

export function sealedFile({ primitives, env, seed, kind, of }: SealedFileOptions): SealedFile {
  const key = primitives.hmacSha256(seed, textToBytes(`keepsake/cli/${kind}`));
  const name = bytesToHex(primitives.hmacSha256(key, textToBytes(of.join("\0")))).slice(0, 32);
  const path = join(cacheFolder(env), `${name}.${kind}`);
  const aad = textToBytes(name);
  return {
    async load() {
      const sealed = await readIfThere(path).catch(() => undefined);
      if (sealed === undefined) return undefined;
      const file = new Uint8Array(sealed);
      const body = await primitives.openGcm(key, file.slice(0, NONCE_BYTES), file.slice(NONCE_BYTES), aad);
      if (body === undefined) return undefined;
      const size = Number(new DataView(body.buffer).getBigUint64(0));
      return bytesToText(primitives.decompress([{ bytes: body.slice(8), size }]));
    },
    async save(text) {
      if (text === undefined) return rm(path, { force: true });
      const nonce = primitives.random(NONCE_BYTES);
      const plain = textToBytes(text);
      const body = concatBytes(u64ToBytes(plain.length), primitives.compress(plain, 3));
      const file = new Uint8Array(NONCE_BYTES + body.length + TAG_BYTES);
      file.set(nonce);
      await primitives.sealGcm(key, nonce, { pieces: [body], aad }, file.subarray(NONCE_BYTES));
      await writePrivate(path, file);
    },
  };
}
