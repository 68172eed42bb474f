import { KeepsakeError, throwIfAborted, type Bytes } from "../base/index.ts";
import type { Connection } from "./connection.ts";

/** How much a line carries in a second. */
export interface LineSpeed {
  readonly upBytesPerSecond: number;
  readonly downBytesPerSecond: number;
}

/** What is sent to try a line: more only where less was too soon over to tell. */
const SIZES = [64 * 1024, 512 * 1024, 4 * 1024 * 1024];
const LONG_MS = 700;
/** Random numbers are asked for in pieces of this size. */
const RANDOM_BYTES = 64 * 1024;

/** Tries the line to a server for some seconds at most, in both directions. What is sent means nothing. */
export async function tryLine(
  connection: Connection,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<LineSpeed> {
  const body = noise(connection, SIZES.at(-1)!);
  const up = async (size: number): Promise<void> => {
    const bytes = body.slice(0, size);
    const response = await connection.send({ method: "POST", path: "/v1/line", bytes, signal });
    await response.arrayBuffer();
  };
  const down = async (size: number): Promise<void> => {
    const response = await connection.send({ method: "GET", path: `/v1/line?bytes=${size}`, signal });
    const { byteLength } = await response.arrayBuffer();
    if (byteLength !== size) throw new KeepsakeError("server.not-keepsake", { details: { what: "line" } });
  };
  return { upBytesPerSecond: await speedOf(up, signal), downBytesPerSecond: await speedOf(down, signal) };
}

async function speedOf(
  carry: (size: number) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<number> {
  let speed = 0;
  for (const size of SIZES) {
    throwIfAborted(signal);
    const startedMs = performance.now();
    await carry(size);
    const tookMs = Math.max(1, performance.now() - startedMs);
    speed = (size / tookMs) * 1000;
    if (tookMs >= LONG_MS) break;
  }
  return Math.round(speed);
}

/** Bytes that nothing on the way makes shorter. */
function noise({ primitives }: Connection, length: number): Bytes {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += RANDOM_BYTES) bytes.set(primitives.random(RANDOM_BYTES), at);
  return bytes;
}
