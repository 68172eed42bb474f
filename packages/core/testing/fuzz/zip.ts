import { hexToBytes, KeepsakeError, textToBytes } from "../../src/base/index.ts";
import { isInsidePath, memoryFile } from "../../src/formats/index.ts";
import { zipSource } from "../../src/zip/index.ts";
import { layZip } from "../zip/pack.ts";
import type { Subject } from "./subjects.ts";

/** "hello" four times, deflated. */
const packed = hexToBytes("cb48cdc9c957c8402701")!;
const text = "hello hello hello hello";

/** Zip files: what is yielded has a path that stays inside, and is no longer than it says. */
export function zipSubject(): Subject {
  const entries = [
    { name: "a/result.json", content: text, packed },
    { name: "a/photos/", method: 0 },
    { name: "a/photos/x.jpg", content: "x", method: 0, extra: textToBytes("UT\x05\0\x01abcd") },
    { name: textToBytes("a/\\b"), content: text, packed, isLarge: true },
  ];
  return {
    id: "zip",
    seeds: [
      layZip(entries),
      layZip(entries, { isLarge: true, comment: "PK", before: textToBytes("#!") }),
      layZip([]),
    ],
    async take(input) {
      const source = await zipSource(memoryFile("a.zip", input));
      for await (const file of source.files(() => undefined)) {
        if (!isInsidePath(file.path)) throw new RangeError("unsafe path");
        await read(file.open(), file.sizeBytes).catch(onlyOurs);
        await read(file.open({ start: 3, end: 9 }), 6).catch(onlyOurs);
      }
      await source.folders();
      for await (const path of source.emptyFolders!())
        if (!isInsidePath(path)) throw new RangeError("unsafe");
    },
  };
}

async function read(pieces: AsyncIterable<Uint8Array>, most: number): Promise<void> {
  let length = 0;
  for await (const piece of pieces) length += piece.length;
  if (length > most) throw new RangeError("longer than it says");
}

/** One file that is damaged does not keep the others from being read. */
function onlyOurs(error: unknown): void {
  if (!KeepsakeError.is(error)) throw error;
}
