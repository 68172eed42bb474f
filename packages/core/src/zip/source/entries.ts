import { KeepsakeError, type Bytes } from "../../base/index.ts";
import type { SourceFile } from "../../model/index.ts";
import { damaged, extraFields, Fields, readRange } from "../bytes.ts";
import { ENTRY, findDirectory, type Directory } from "./end.ts";
import { zipLimits } from "../limits.ts";
import { entryName, UNICODE_PATH } from "./names.ts";

/** What a zip's list says of one entry. Nothing of it is true before it has been looked at. */
export interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  /** The attributes of the system on which it was packed: of Unix the upper 16 bits. */
  readonly attributes: number;
  /** Where its local header begins. */
  readonly at: number;
  /** Where its local header and its bytes end at the earliest. */
  readonly end: number;
  /** When it was written, milliseconds UTC, where that is said without a zone. */
  readonly modifiedMs?: number;
}

const headBytes = 46;
export const localBytes = 30;
const full32 = 0xffffffff;
const [LARGE, TIMES] = [0x0001, 0x5455];

/** The entries of a zip as they are listed. Where the list breaks off, those before it are there. */
export async function readEntries(
  file: SourceFile,
): Promise<{ readonly entries: readonly Entry[]; readonly isWhole: boolean; readonly end: number }> {
  const directory = await findDirectory(file);
  if (directory.sizeBytes > zipLimits.directoryBytes || directory.entries > zipLimits.entries)
    throw new KeepsakeError("base.limit", { details: { limit: zipLimits.entries } });
  const bytes = await readRange(file, directory.start, directory.start + directory.sizeBytes);
  if (bytes.length < directory.sizeBytes) throw damaged();
  const entries = parse(new Fields(bytes), directory);
  // Of more than 65,535, some programs write what is left over.
  const isWhole = entries.length === directory.entries || (entries.length & 0xffff) === directory.entries;
  return { entries, isWhole, end: directory.start };
}

function parse(fields: Fields, { shift }: Directory): readonly Entry[] {
  const entries: Entry[] = [];
  const { bytes } = fields;
  for (let at = 0; at + headBytes <= bytes.length && fields.u32(at) === ENTRY;) {
    const end = at + headBytes + fields.u16(at + 28) + fields.u16(at + 30) + fields.u16(at + 32);
    if (end > bytes.length) break;
    if (entries.length >= zipLimits.entries)
      throw new KeepsakeError("base.limit", { details: { limit: zipLimits.entries } });
    entries.push(parseOne(new Fields(bytes.subarray(at, end)), shift));
    at = end;
  }
  return entries;
}

function parseOne(head: Fields, shift: number): Entry {
  const nameEnd = headBytes + head.u16(28);
  const raw = head.bytes.subarray(headBytes, nameEnd);
  const extra = extraFields(head.bytes.subarray(nameEnd, nameEnd + head.u16(30)));
  const [sizeBytes, packedBytes, said] = sizes(head, extra.get(LARGE));
  const at = said + shift;
  const modifiedMs = utcTime(extra.get(TIMES));
  return {
    name: entryName(raw, extra.get(UNICODE_PATH)),
    flags: head.u16(8),
    method: head.u16(10),
    crc: head.u32(16),
    packedBytes,
    sizeBytes,
    attributes: head.u32(38),
    at,
    end: at + localBytes + raw.length + packedBytes,
    ...(modifiedMs !== undefined && { modifiedMs }),
  };
}

/** Size, packed size and place: what is too large for its field stands in an extra one, in this order. */
function sizes(head: Fields, large: Bytes | undefined): readonly [number, number, number] {
  const fields = large && new Fields(large);
  let used = 0;
  const field = (at: number): number => {
    const value = head.u32(at);
    if (value !== full32 || fields === undefined) return value;
    used += 8;
    return used > fields.bytes.length ? Infinity : fields.u64(used - 8);
  };
  return [field(24), field(20), field(42)];
}

/** Times without an extra field are of a zone that nobody knows. */
function utcTime(times: Bytes | undefined): number | undefined {
  if (times === undefined || times.length < 5 || (times[0]! & 1) === 0) return undefined;
  return (new Fields(times).u32(1) | 0) * 1000;
}
