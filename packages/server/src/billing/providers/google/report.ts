import { crc32, inflateRawSync } from "node:zlib";
import { decimalsOf } from "../amounts.ts";
import { away } from "../problems.ts";
import type { Movement } from "../provider.ts";

const MOST_BYTES = 500_000_000;
const END = 0x06054b50;
const END_BYTES = 22;

/** What moved in a month, out of a sales report: a zip with one CSV. */
export function movementsIn(zip: Buffer): readonly Movement[] {
  const [names = [], ...rows] = rowsOf(
    onlyFile(zip)
      .toString("utf8")
      .replace(/^\uFEFF/, ""),
  );
  return rows
    .filter((row) => row.length === names.length)
    .flatMap((row) => {
      const field = (name: string): string => row[names.indexOf(name)] ?? "";
      const [charge, currency] = [field("Order Number"), field("Currency of Sale")];
      const seconds = Number(field("Order Charged Timestamp"));
      if (charge === "" || !Number.isSafeInteger(seconds)) return [];
      const isBack = /refund/i.test(field("Financial Status"));
      const amount = Math.abs(minorIn(field("Charged Amount"), currency));
      return [
        {
          id: `${charge}:${field("Financial Status")}:${seconds}`,
          atMs: seconds * 1000,
          charge,
          amountMinor: isBack ? -amount : amount,
          currency,
        },
      ];
    });
}

function minorIn(text: string, currency: string): number {
  const value = Number(text.replaceAll(",", "")) * 10 ** decimalsOf(currency);
  if (!Number.isFinite(value)) throw away("answer");
  return Math.round(value);
}

/** Values between commas, with quotes around those that hold one. */
function rowsOf(csv: string): readonly (readonly string[])[] {
  return csv
    .split(/\r?\n/)
    .filter((line) => line !== "")
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
      ),
    );
}

/** The first file of a zip, found by its directory. Throws `pay.provider-away` for what is no such thing. */
function onlyFile(zip: Buffer): Buffer {
  try {
    let end = zip.length - END_BYTES;
    while (end >= 0 && zip.readUInt32LE(end) !== END) end--;
    const entry = zip.readUInt32LE(end + 16);
    const [method, sum] = [zip.readUInt16LE(entry + 10), zip.readUInt32LE(entry + 16)];
    const [packed, local] = [zip.readUInt32LE(entry + 20), zip.readUInt32LE(entry + 42)];
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(start, start + packed);
    const file = method === 0 ? content : inflateRawSync(content, { maxOutputLength: MOST_BYTES });
    if (crc32(file) === sum) return file;
  } catch {
    // Not a zip, or cut.
  }
  throw away("answer");
}
