import { createCipheriv, createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import type { Bytes } from "../../src/base/index.ts";
import { randomOf, type Random } from "../history/random.ts";
import type { FileSort } from "./kinds/made.ts";
import { fileContents } from "./kinds/table.ts";
import { laterCounts, type PhonePlan } from "./plan.ts";

/** What a made file holds: the same id, the same bytes. */
export interface FileContent {
  readonly id: string;
  readonly sizeBytes: number;
  readonly magic: readonly number[];
}

const CHUNK_BYTES = 1024 * 1024;
const zeros = new Uint8Array(CHUNK_BYTES);
/** Photos' worth of bytes that an average attachment has, in the measured mix. */
const meanFactor = 1.54;
/** Rows in a hundred that bring a file, in the measured mix. */
const fileRows = 8.2;
/** A part of the files is drawn from few contents: a fifth of all bytes are copies. */
const drawnAgain = 0.24;
const contentsDrawnAgain = 0.04;
/** Which of the files of the day after, by their turn, is the one before once more. */
const copied = 11;

/** How many files there are and how large they are. */
export interface MediaPlan {
  /** How probable it is that the phone still has the file of a row. */
  readonly present: number;
  readonly files: number;
  /** The mean size of a photo. */
  readonly photoBytes: number;
}

export function mediaPlan({ options }: PhonePlan): MediaPlan | undefined {
  const { mediaBytes = 0, isEven = false, messages } = options;
  if (mediaBytes === 0) return undefined;
  const files = options.mediaFiles ?? Math.max(10, Math.round(mediaBytes / 240_000));
  const present = isEven ? 0.5 : Math.min(1, files / ((messages * fileRows) / 100));
  return { present, files, photoBytes: mediaBytes / files / meanFactor };
}

/** The content of a file on the first day. */
export function contentOf(media: MediaPlan, name: string, sort: FileSort): FileContent {
  const random = randomOf(name);
  const isAgain = random.chance(drawnAgain);
  const number = random.below(Math.ceil(media.files * contentsDrawnAgain));
  const id = isAgain ? `again ${sort.factor} ${number}` : name;
  const mean = media.photoBytes * sort.factor;
  const sizeBytes = Math.max(sort.magic.length, Math.round(mean * randomOf(id, "size").exponential()));
  return { id, sizeBytes, magic: sort.magic };
}

/** The small picture beside a file. */
export function thumbContent(name: string, sort: FileSort, random: Random): FileContent {
  return { id: name, sizeBytes: 1500 + random.below(5000), magic: sort.magic };
}

/** The contents of the files of the day after, which have a size all together; some are copies of the one before. */
export function laterContents({ options }: PhonePlan, count: number): FileContent[] {
  const isCopy = (i: number): boolean => i % fileContents.length === copied;
  const ids = Array.from({ length: count }, (_, i) => `${options.seed} later ${isCopy(i) ? i - 1 : i}`);
  const shares = ids.map((id) => 0.2 + randomOf(id).exponential());
  const all = shares.reduce((sum, share) => sum + share, 0);
  return ids.map((id, i) => ({
    id,
    sizeBytes: Math.round((laterCounts.fileBytes * shares[i]!) / all),
    magic: fileContents[i % fileContents.length]!.sort.magic,
  }));
}

/** The bytes piece by piece: none of them can be guessed from others. */
function* pieces({ id, sizeBytes, magic }: FileContent): Generator<Bytes> {
  const key = createHash("sha256").update(`file ${id}`).digest();
  const cipher = createCipheriv("aes-256-ctr", key, new Uint8Array(16));
  for (let at = 0; at < sizeBytes; at += CHUNK_BYTES) {
    const piece = new Uint8Array(cipher.update(zeros.subarray(0, Math.min(CHUNK_BYTES, sizeBytes - at))));
    if (at === 0) piece.set(magic.slice(0, piece.length));
    yield piece;
  }
}

export function writeContent(path: string, content: FileContent): void {
  const file = openSync(path, "w");
  for (const piece of pieces(content)) writeSync(file, piece);
  closeSync(file);
}

export function sha256Of(content: FileContent): string {
  const hash = createHash("sha256");
  for (const piece of pieces(content)) hash.update(piece);
  return hash.digest("hex");
}
