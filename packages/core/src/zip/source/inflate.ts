import type { Bytes } from "../../base/index.ts";
import { damaged } from "../bytes.ts";

/** So much goes in at once: a browser gives all that comes out of it in one go, up to a thousand times as much. */
const inBytes = 16 * 1024;

/** What deflated bytes unpack to. Throws `format.zip-damaged` where they are none, and what reading them throws. */
export async function* inflated(packed: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
  const stream = new DecompressionStream("deflate-raw");
  const [writer, reader] = [stream.writable.getWriter(), stream.readable.getReader()];
  const feeding = feed(packed, writer);
  let isOpen = true;
  try {
    while (isOpen) {
      const { value, done } = await reader.read();
      isOpen = !done;
      if (value !== undefined) yield value;
    }
  } catch (error) {
    isOpen = false;
    const unread = await feeding;
    throw unread === undefined ? damaged(error) : unread.error;
  } finally {
    if (isOpen) await reader.cancel().catch(ignore);
    await writer.abort().catch(ignore);
    await feeding;
  }
}

/** Why the packed bytes could not be read, if they could not: a stream that ended early is not asked why. */
async function feed(
  packed: AsyncIterable<Bytes>,
  writer: WritableStreamDefaultWriter<Bytes>,
): Promise<{ readonly error: unknown } | undefined> {
  let isTaken = true;
  try {
    for await (const piece of packed) {
      for (let at = 0; at < piece.length && isTaken; at += inBytes)
        isTaken = await writer.write(piece.subarray(at, at + inBytes)).then(yes, no);
      if (!isTaken) return undefined;
    }
  } catch (error) {
    await writer.abort(error).catch(ignore);
    return { error };
  }
  await writer.close().catch(ignore);
  return undefined;
}

function yes(): boolean {
  return true;
}

function no(): boolean {
  return false;
}

function ignore(): void {
  return undefined;
}
