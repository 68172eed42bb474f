import { concatBytes, textToBytes, u32ToBytes, u64ToBytes, type Bytes } from "../../src/base/index.ts";
import type { MbdbRecord } from "../../src/apple/mbdb.ts";

/** `Manifest.mbdb`, as backups had it before iOS 10. */
export function writeMbdb(records: readonly MbdbRecord[]): Bytes {
  return concatBytes(textToBytes("mbdb"), new Uint8Array([5, 0]), ...records.map(recordBytes));
}

function recordBytes(record: MbdbRecord): Bytes {
  const seconds = u32ToBytes(Math.floor(record.modifiedMs / 1000));
  return concatBytes(
    data(textToBytes(record.domain)),
    data(textToBytes(record.path)),
    data(record.linkTarget === undefined ? undefined : textToBytes(record.linkTarget)),
    data(undefined),
    data(record.encryptionKey),
    u32ToBytes(record.mode).slice(2),
    u64ToBytes(12_345),
    u32ToBytes(501),
    u32ToBytes(501),
    seconds,
    seconds,
    seconds,
    u64ToBytes(record.sizeBytes),
    new Uint8Array([record.protectionClass, 1]),
    data(textToBytes("com.apple.note")),
    data(textToBytes("value")),
  );
}

function data(bytes: Bytes | undefined): Bytes {
  if (bytes === undefined) return new Uint8Array([0xff, 0xff]);
  return concatBytes(u32ToBytes(bytes.length).slice(2), bytes);
}
