import { bytesToText, KeepsakeError, type Bytes, type Primitives } from "../../base/index.ts";
import {
  decodeTable,
  entryKey,
  readObject,
  type KeyEntry,
  type ObjectSpec,
  type PackReader,
  type Ref,
} from "../../vault/index.ts";
import type { Placed, Row } from "../rows/row.ts";
import type { StoredAttachment } from "../rows/attachments.ts";
import type { Summary } from "./manifest.ts";

/** What a delta holds of one collection: `rows` of its table, which are the leaves from `leaf` on. */
export interface DeltaPart {
  readonly collection: string;
  readonly rows: number;
  readonly leaf: number;
  /** The collection's log after these rows. */
  readonly logRoot: string;
  readonly attachments: number;
  /** What these rows add. */
  readonly summary: Summary;
}

/** The index of a delta: what it holds of which collection, and where. */
export interface DeltaIndex {
  readonly id: string;
  readonly parts: readonly DeltaPart[];
  readonly lanes: readonly (Ref | null)[];
  readonly attachments: Ref | null;
}

export async function readDeltaIndex(
  primitives: Primitives,
  reader: PackReader,
  vaultId: Bytes,
  entry: KeyEntry,
): Promise<DeltaIndex> {
  const content = await readObject(primitives, reader, deltaSpec(vaultId, entry, "delta"), entry.ref!);
  return JSON.parse(bytesToText(content)) as DeltaIndex;
}

/** All rows of a delta, by collection; with `lanes`, only the fields that lie in these. */
export async function readDeltaRows(
  primitives: Primitives,
  reader: PackReader,
  options: { vaultId: Bytes; entry: KeyEntry; index: DeltaIndex; lanes?: readonly number[] | undefined },
): Promise<Map<string, Placed[]>> {
  const { vaultId, entry, index } = options;
  const contents: (Bytes | undefined)[] = [];
  for (const [i, ref] of index.lanes.entries()) {
    const isWanted = options.lanes === undefined || options.lanes.includes(i);
    const spec = deltaSpec(vaultId, entry, "lane");
    if (!isWanted) contents.push(undefined);
    else contents.push(ref === null ? new Uint8Array(0) : await readObject(primitives, reader, spec, ref));
  }
  const rows = decodeTable(contents) as unknown as Row[];
  const byCollection = new Map<string, Placed[]>();
  let start = 0;
  for (const part of index.parts) {
    const own = rows.slice(start, (start += part.rows));
    byCollection.set(
      part.collection,
      own.map((row, i) => ({ ...row, leaf: part.leaf + i })),
    );
  }
  requireAll(rows, start);
  return byCollection;
}

/** The attachments that a delta adds, by collection. */
export async function readDeltaAttachments(
  primitives: Primitives,
  reader: PackReader,
  options: { vaultId: Bytes; entry: KeyEntry; index: DeltaIndex },
): Promise<Map<string, StoredAttachment[]>> {
  const { vaultId, entry, index } = options;
  const byCollection = new Map<string, StoredAttachment[]>();
  if (index.attachments === null) return byCollection;
  const table = await readObject(
    primitives,
    reader,
    deltaSpec(vaultId, entry, "attachments"),
    index.attachments,
  );
  const rows = decodeTable([table]) as unknown as StoredAttachment[];
  let start = 0;
  for (const part of index.parts) {
    byCollection.set(part.collection, rows.slice(start, (start += part.attachments)));
  }
  requireAll(rows, start);
  return byCollection;
}

/** The parts of a delta share out all rows of a table. */
function requireAll(rows: readonly unknown[], shared: number): void {
  if (rows.length !== shared) throw new KeepsakeError("vault.corrupt", { details: { what: "delta-rows" } });
}

/** What lies under a delta's key: its index, the lanes of its rows, the table of its attachments. */
export type DeltaType = "delta" | "lane" | "attachments";

/** Throws `vault.corrupt` unless the entry's key is of epoch 0. */
export function deltaSpec(vaultId: Bytes, entry: KeyEntry, type: DeltaType): ObjectSpec {
  return { type, vaultId, ...entryKey(entry, 0), collection: entry.id };
}
