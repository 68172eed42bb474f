import { bytesToHex, textToBytes, type Primitives } from "../../base/index.ts";
import { canonicalText, type SourceInfo } from "../../model/index.ts";
import type { RowReader } from "../rows/read.ts";
import type { Run, Source } from "../rows/row.ts";
import { collectionLike, sourcesName } from "./state.ts";

/** Every source and every run that a vault knows. */
export interface Sources {
  readonly sources: ReadonlyMap<string, Source>;
  /** In the order in which they were stored. */
  readonly runs: readonly Run[];
}

/** The same format, platform, own account and confirmed name are the same source, on every device. */
export function sourceOf(primitives: Primitives, info: SourceInfo, name: string): Source {
  const parts = {
    format: info.format,
    platform: info.platform,
    ...(info.own === undefined ? {} : { own: info.own.id }),
    name,
  };
  const id = bytesToHex(primitives.sha256(textToBytes(canonicalText(parts)))).slice(0, 16);
  return { id, ...parts };
}

export async function readSources(reader: RowReader): Promise<Sources> {
  const collection = collectionLike(reader.history, sourcesName);
  const notes = collection === undefined ? [] : await reader.notes(collection);
  const sources = new Map<string, Source>();
  const runs: Run[] = [];
  for (const note of notes) {
    if ("source" in note) sources.set(note.source.id, note.source);
    if ("started" in note) runs.push(note.started);
  }
  return { sources, runs };
}
