import { bytesToHex, textToBytes, type Bytes, type Primitives } from "../../base/index.ts";
import {
  addObject,
  encodeTable,
  type KeyEntry,
  type ObjectSpec,
  type PackWriter,
  type Ref,
} from "../../vault/index.ts";
import { LANES, type Placed, type Row } from "../rows/row.ts";
import { LANE_LEVELS, rowLanes } from "../rows/write-segment.ts";
import type { StoredAttachment } from "../rows/attachments.ts";
import type { DeltaIndex, DeltaPart, DeltaType } from "./delta.ts";

/** What a delta is written from: of each collection one part, notes first, then messages in canonical order. */
export interface DeltaDraft extends Omit<DeltaPart, "rows" | "attachments"> {
  readonly rows: readonly Placed[];
  readonly attachments: readonly StoredAttachment[];
}

/**
 * Writes one delta with a key of its own: the entry for the key directory, and the index. With `id`, it takes the
 * place of the delta of that id in every version that lists it.
 */
export async function writeDelta(
  primitives: Primitives,
  writer: PackWriter,
  { vaultId, id = bytesToHex(primitives.random(16)) }: { vaultId: Bytes; id?: string },
  drafts: readonly DeltaDraft[],
): Promise<{ entry: KeyEntry; index: DeltaIndex }> {
  const key = primitives.random(32);
  const spec = (type: DeltaType): ObjectSpec => ({ type, vaultId, key, epoch: 0, collection: id });
  // Leaves follow from the part's first one, so they are not written.
  const rows = drafts.flatMap((draft) => draft.rows.map(withoutLeaf));
  const lanes: (Ref | null)[] = [];
  for (const [i, lane] of encodeTable(rows, rowLanes, LANES).entries()) {
    const content = { ...lane, level: LANE_LEVELS[i]! };
    lanes.push(lane.bytes.length === 0 ? null : await addObject(primitives, writer, spec("lane"), content));
  }
  const files = drafts.flatMap((draft) => draft.attachments);
  const [table] = encodeTable(files, () => 0, 1);
  const attachments =
    files.length === 0 ? null : await addObject(primitives, writer, spec("attachments"), table!);
  const parts = drafts.map((draft) => ({
    ...draft,
    rows: draft.rows.length,
    attachments: draft.attachments.length,
  }));
  const index: DeltaIndex = { id, parts, lanes, attachments };
  const bytes = textToBytes(JSON.stringify(index));
  const ref = await addObject(primitives, writer, spec("delta"), { bytes });
  return { entry: { id, kind: "delta", name: "", keys: [[0, bytesToHex(key)]], ref }, index };
}

function withoutLeaf(row: Placed): Row {
  const { leaf: _, ...rest } = row;
  return rest;
}
