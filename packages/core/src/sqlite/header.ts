import { concatBytes, KeepsakeError, type Bytes } from "../base/index.ts";
import type { SourceFile } from "../model/index.ts";

const headerBytes = 100;
const magic = "SQLite format 3\0";

/**
 * How long a main file says that it is, where its header says so for sure: what is shorter was cut off. Zero where it
 * does not say. Throws `format.no-database` for what does not begin as a database does.
 */
export async function bytesDeclared(main: SourceFile): Promise<number> {
  if (main.sizeBytes === 0) return 0;
  const header = await headerOf(main);
  if (header.length < headerBytes || !String.fromCharCode(...header).startsWith(magic))
    throw new KeepsakeError("format.no-database");
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const pageBytes = view.getUint16(16) === 1 ? 65_536 : view.getUint16(16);
  const isSure = view.getUint32(24) === view.getUint32(92);
  return isSure ? pageBytes * view.getUint32(28) : 0;
}

async function headerOf(main: SourceFile): Promise<Bytes> {
  const pieces: Bytes[] = [];
  for await (const piece of main.open({ start: 0, end: headerBytes })) pieces.push(piece);
  return concatBytes(...pieces);
}
