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
import type { FileStamp, StampCache } from "@keepsake/core/history";
import { cacheFolder, readIfThere, writePrivate } from "./folders.ts";

type StampJson = readonly [
  path: string,
  sizeBytes: number,
  modifiedMs: number,
  sha256: string,
  changed?: string,
];

/** Stamps of a source's files, kept between runs in a file that is sealed with a key of this device. */
export interface SealedStamps extends StampCache {
  save(): Promise<void>;
}

export interface StampOptions {
  readonly primitives: Primitives;
  readonly env: NodeJS.ProcessEnv;
  readonly seed: Bytes;
  /** The vault and the source's place, by which the file is named. */
  readonly of: readonly string[];
}

const TAG_BYTES = 16;
const NONCE_BYTES = 12;

/** Stamps that cannot be read count as none, and their files are read again. */
export function sealedStamps({ primitives, env, seed, of }: StampOptions): SealedStamps {
  const key = primitives.hmacSha256(seed, textToBytes("keepsake/cli/stamps"));
  const name = bytesToHex(primitives.hmacSha256(key, textToBytes(of.join("\0")))).slice(0, 32);
  const path = join(cacheFolder(env), `${name}.stamps`);
  const aad = textToBytes(name);
  const stamps = new Map<string, FileStamp>();
  let isChanged = false;
  return {
    async load() {
      const sealed = await readIfThere(path).catch(() => undefined);
      if (sealed === undefined) return;
      const known = await openFile(primitives, key, new Uint8Array(sealed), aad);
      for (const [file, sizeBytes, modifiedMs, sha256, changed] of known ?? [])
        stamps.set(file, { sizeBytes, modifiedMs, sha256, changed });
    },
    get: (file) => stamps.get(file),
    set(file, stamp) {
      stamps.set(file, stamp);
      isChanged = true;
    },
    async save() {
      if (!isChanged) return;
      const list = [...stamps].map(([file, s]): StampJson => {
        const { sizeBytes, modifiedMs, sha256, changed } = s;
        return changed === undefined
          ? [file, sizeBytes, modifiedMs, sha256]
          : [file, sizeBytes, modifiedMs, sha256, changed];
      });
      const nonce = primitives.random(NONCE_BYTES);
      const plain = textToBytes(JSON.stringify(list));
      const body = concatBytes(u64ToBytes(plain.length), primitives.compress(plain, 3));
      const file = new Uint8Array(NONCE_BYTES + body.length + TAG_BYTES);
      file.set(nonce);
      await primitives.sealGcm(key, nonce, { pieces: [body], aad }, file.subarray(NONCE_BYTES));
      await writePrivate(path, file);
    },
  };
}

async function openFile(
  primitives: Primitives,
  key: Bytes,
  file: Bytes,
  aad: Bytes,
): Promise<readonly StampJson[] | undefined> {
  const body = await primitives.openGcm(key, file.slice(0, NONCE_BYTES), file.slice(NONCE_BYTES), aad);
  if (body === undefined) return undefined;
  const size = Number(new DataView(body.buffer).getBigUint64(0));
  return JSON.parse(bytesToText(primitives.decompress(body.slice(8), size))) as StampJson[];
}
