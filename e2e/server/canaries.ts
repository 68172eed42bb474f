import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** What was planted, by what it is, in every form in which it could be written down. */
export type Canaries = ReadonlyMap<string, readonly Form[]>;

interface Form {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Texts and bytes that nobody else would write. */
export function canariesOf(planted: Readonly<Record<string, string | Uint8Array>>): Canaries {
  return new Map(Object.entries(planted).map(([name, value]) => [name, formsOf(value)]));
}

function formsOf(value: string | Uint8Array): readonly Form[] {
  const bytes = Buffer.from(value as Uint8Array);
  const utf16 = typeof value === "string" ? Buffer.from(value, "utf16le") : undefined;
  const hex = bytes.toString("hex");
  return [
    { name: "as it is", bytes },
    ...(utf16 === undefined
      ? []
      : [
          { name: "UTF-16LE", bytes: utf16 },
          { name: "UTF-16BE", bytes: Buffer.from(utf16).swap16() },
        ]),
    { name: "hex", bytes: Buffer.from(hex) },
    { name: "hex in capitals", bytes: Buffer.from(hex.toUpperCase()) },
    ...[0, 1, 2].flatMap((shift) => base64Of(bytes, shift)),
  ];
}

/** Within a longer base64 a value stands in one of three ways; its first and last letters hang on its neighbours. */
function base64Of(bytes: Buffer, shift: number): readonly Form[] {
  const first = shift === 0 ? 0 : 3 - shift;
  const whole = bytes.subarray(first, first + Math.floor((bytes.length - first) / 3) * 3);
  return [
    { name: `base64, moved by ${shift}`, bytes: Buffer.from(whole.toString("base64")) },
    { name: `base64url, moved by ${shift}`, bytes: Buffer.from(whole.toString("base64url")) },
  ];
}

/** Where canaries are found in some bytes, in words that name none of them. */
export function hitsIn(canaries: Canaries, where: string, bytes: Buffer): readonly string[] {
  const hits: string[] = [];
  for (const [name, forms] of canaries)
    for (const form of forms) if (bytes.includes(form.bytes)) hits.push(`${name}, ${form.name}, in ${where}`);
  return hits;
}

/** What a search came to: what it read says that it looked. */
export interface Searched {
  readonly files: number;
  readonly bytes: number;
  readonly hits: readonly string[];
}

/** Searches every byte of every file below some folders. */
export async function searchFolders(canaries: Canaries, folders: readonly string[]): Promise<Searched> {
  let [files, length] = [0, 0];
  const hits: string[] = [];
  for (const folder of folders)
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      // One that goes meanwhile is no longer there to be read.
      const bytes = await readFile(path).catch(() => Buffer.alloc(0));
      files++;
      length += bytes.length;
      hits.push(...hitsIn(canaries, path.slice(folder.length + 1), bytes));
    }
  return { files, bytes: length, hits };
}
