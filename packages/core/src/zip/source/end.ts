import type { SourceFile } from "../../model/index.ts";
import { damaged, Fields, readRange } from "../bytes.ts";

/** Where the list of a zip's entries lies, and how many it says there are. */
export interface Directory {
  readonly start: number;
  readonly sizeBytes: number;
  readonly entries: number;
  /** By how much everything lies further on than it says: something was put before the zip. */
  readonly shift: number;
}

/** What the end of a zip says, and where it stands itself. */
interface End {
  readonly at: number;
  readonly start: number;
  readonly sizeBytes: number;
  readonly entries: number;
  readonly isOneOfSeveral: boolean;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
export const ENTRY = 0x02014b50;
const [endBytes, end64Bytes, locatorBytes] = [22, 56, 20];
const mostComment = 0xffff;

/** Finds the list of entries by what stands at the end of a zip. Throws `format.zip-damaged` where nothing does. */
export async function findDirectory(file: SourceFile): Promise<Directory> {
  const from = Math.max(0, file.sizeBytes - endBytes - mostComment - locatorBytes);
  const tail = new Fields(await readRange(file, from, file.sizeBytes));
  const at = endIn(tail);
  if (at === undefined) throw damaged();
  const end = (await largeEnd(file, tail, at)) ?? smallEnd(tail, at, from);
  const nearest = end.at - end.sizeBytes;
  if (end.isOneOfSeveral || nearest < 0 || end.start > nearest) throw damaged();
  const isAsSaid = end.start === nearest || (await isEntry(file, end.start));
  const start = isAsSaid ? end.start : nearest;
  return { start, sizeBytes: end.sizeBytes, entries: end.entries, shift: start - end.start };
}

/** The last place where an end can be; best is one whose comment goes just to the end of the file. */
function endIn(tail: Fields): number | undefined {
  const { length } = tail.bytes;
  let found: number | undefined;
  for (let at = length - endBytes; at >= 0; at--) {
    if (tail.bytes[at] !== 0x50 || tail.u32(at) !== END) continue;
    const end = at + endBytes + tail.u16(at + 20);
    if (end === length) return at;
    if (end < length) found ??= at;
  }
  return found;
}

function smallEnd(tail: Fields, at: number, from: number): End {
  return {
    at: from + at,
    entries: tail.u16(at + 10),
    sizeBytes: tail.u32(at + 12),
    start: tail.u32(at + 16),
    isOneOfSeveral: tail.u16(at + 4) !== 0,
  };
}

/** The end of a large zip, where a locator before the small one says that there is one. */
async function largeEnd(file: SourceFile, tail: Fields, small: number): Promise<End | undefined> {
  const locator = small - locatorBytes;
  if (locator < 0 || tail.u32(locator) !== LOCATOR_64) return undefined;
  const locatorAt = file.sizeBytes - tail.bytes.length + locator;
  // Where something was put before the zip, it does not lie where it says, but still right before its locator.
  for (const at of [tail.u64(locator + 8), locatorAt - end64Bytes]) {
    if (at < 0 || at + end64Bytes > locatorAt) continue;
    const end = new Fields(await readRange(file, at, at + end64Bytes));
    if (end.bytes.length < end64Bytes || end.u32(0) !== END_64) continue;
    const isOneOfSeveral = end.u32(16) !== 0;
    return { at, entries: end.u64(32), sizeBytes: end.u64(40), start: end.u64(48), isOneOfSeveral };
  }
  throw damaged();
}

async function isEntry(file: SourceFile, at: number): Promise<boolean> {
  const start = new Fields(await readRange(file, at, at + 4));
  return start.bytes.length === 4 && start.u32(0) === ENTRY;
}
