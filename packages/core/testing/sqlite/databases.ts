import { concatBytes, type Bytes } from "../../src/base/index.ts";
import packed from "./databases.json" with { type: "json" };

/** A database as bytes, and its log where it has one. */
export interface DatabaseBytes {
  readonly main: Bytes;
  readonly wal?: Bytes;
}

export type DatabaseName = keyof typeof packed;

/** The names of the databases that `make.ts` made. */
export const databaseNames = Object.keys(packed) as readonly DatabaseName[];

/** One of them. */
export async function databaseBytes(name: DatabaseName): Promise<DatabaseBytes> {
  const entry: { readonly main: string; readonly wal?: string } = packed[name];
  const main = await unpacked(entry.main);
  return entry.wal === undefined ? { main } : { main, wal: await unpacked(entry.wal) };
}

async function unpacked(text: string): Promise<Bytes> {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const chunks: Bytes[] = [];
  for await (const chunk of stream as AsyncIterable<Bytes>) chunks.push(chunk);
  return concatBytes(...chunks);
}
