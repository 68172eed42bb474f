import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { Gate, KeepsakeError, type Bytes } from "@keepsake/core/base";
import { nodePrimitives } from "@keepsake/core/node/primitives";
import { S3Bucket, type S3Options } from "@keepsake/core/s3";
import { diskError } from "../folder.ts";
import type { Blobs, DirectBlobs, Expected, SignedRequest, StoredBlob } from "./blobs.ts";

/** Objects that pass through this process are whole in its memory: no more of them at once, each way. */
export const THROUGH_AT_ONCE: number = 32;
/** A blob that the service tells no time of is treated as new. */
const UNKNOWN_MS: number = Number.MAX_SAFE_INTEGER;

/** Blobs in a bucket of an S3 service; clients send them there by signed requests. */
export function s3Blobs(options: S3Options): Blobs {
  return new S3Blobs(new S3Bucket(options, nodePrimitives));
}

class S3Blobs implements Blobs {
  readonly #bucket: S3Bucket;
  readonly #incoming = new Gate(THROUGH_AT_ONCE);
  readonly #outgoing = new Gate(THROUGH_AT_ONCE);
  readonly direct: DirectBlobs;

  constructor(bucket: S3Bucket) {
    this.#bucket = bucket;
    this.direct = {
      origin: bucket.origin,
      uploadRequest: (key, expected, forMs): Promise<SignedRequest> =>
        Promise.resolve(bucket.presignPut(key, expected, seconds(forMs))),
    };
  }

  async receive(
    key: string,
    source: AsyncIterable<Uint8Array>,
    expected: Expected,
    offset = 0,
  ): Promise<boolean> {
    // The service keeps whole objects only.
    if (offset > 0) throw new KeepsakeError("upload.wrong-offset", { details: { offset: 0 } });
    return this.#incoming.pass(undefined, async () => {
      const bytes = await collect(source, expected.sizeBytes);
      if (bytes.length < expected.sizeBytes) return false;
      if (createHash("sha256").update(bytes).digest("hex") !== expected.sha256)
        throw new KeepsakeError("upload.wrong-content");
      if ((await this.#bucket.put(key, bytes)) === "stored" || (await this.has(key, expected))) return true;
      throw new KeepsakeError("upload.wrong-content");
    });
  }

  async receivedBytes(key: string): Promise<number> {
    return (await this.#bucket.head(key))?.sizeBytes ?? 0;
  }

  async has(key: string, { sizeBytes }: Expected): Promise<boolean> {
    // What lies there has the hash that was signed: the service refused anything else.
    return (await this.#bucket.head(key))?.sizeBytes === sizeBytes;
  }

  read(
    key: string,
    range: { readonly offset: number; readonly length: number },
  ): Promise<Readable | undefined> {
    return new Promise((opened, fail) => {
      const pass = async (): Promise<void> => {
        const bytes = await this.#bucket.get(key, range);
        const stream = bytes && Readable.from([bytes]);
        opened(stream);
        // Its place is taken until it has gone out.
        if (stream !== undefined) await new Promise((closed) => stream.once("close", closed));
      };
      this.#outgoing.pass(undefined, pass).catch(fail);
    });
  }

  async remove(key: string): Promise<void> {
    await this.#bucket.remove(key);
  }

  async reach(): Promise<void> {
    // A key that nothing ever has.
    await this.#bucket.head("reach");
  }

  async *list(): AsyncGenerator<StoredBlob> {
    for (let from: string | undefined, isEnd = false; !isEnd; isEnd = from === undefined) {
      const { objects, next } = await this.#bucket.list({ prefix: "", from });
      for (const { name: key, sizeBytes, modifiedMs = UNKNOWN_MS } of objects)
        yield { key, sizeBytes, storedMs: modifiedMs, isWhole: true };
      from = next;
    }
  }
}

/** The bytes of an object. Throws `upload.wrong-content` where more comes than was announced. */
async function collect(source: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of source) {
      length += chunk.length;
      if (length > sizeBytes) throw new KeepsakeError("upload.wrong-content");
      chunks.push(chunk);
    }
  } catch (error) {
    throw diskError(error);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function seconds(forMs: number): number {
  return Math.max(1, Math.floor(forMs / 1000));
}
