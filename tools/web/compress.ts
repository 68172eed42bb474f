import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { sha256 } from "./hashes.ts";

/** The best that each does: it is done once, and sent often. */
const codings: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gz: (bytes) => promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
};

/** Smaller ones gain nothing, and what hardly shrinks is sent as it is. */
const LEAST_BYTES = 256;
const WORTH = 0.95;

/**
 * Puts compressed copies beside a file, `.br` and `.gz`, where they are worth it. What was compressed once is kept in
 * `cache` by its hash: libraries in WASM take long, and seldom change.
 */
export async function compressBeside(file: string, cache: string): Promise<void> {
  const bytes = await readFile(file);
  if (bytes.length < LEAST_BYTES) return;
  await mkdir(cache, { recursive: true });
  for (const [name, compress] of Object.entries(codings)) {
    const kept = join(cache, `${sha256(bytes)}.${name}`);
    const small = (await readFile(kept).catch(() => undefined)) ?? (await compress(bytes));
    await writeFile(`${kept}.${process.pid}`, small);
    await rename(`${kept}.${process.pid}`, kept);
    if (small.length < bytes.length * WORTH) await writeFile(`${file}.${name}`, small);
  }
}
