import type { JsonObject } from "../../model/index.ts";

/** The name in the first line. */
export const formatName: string = "keepsake.jsonl";
/** The version that this reader and writer speak. An older reader refuses a newer one. */
export const formatVersion: number = 1;
/** The file that holds the lines. */
export const fileName: string = "history.jsonl";
/** Longest line that is read, in bytes. */
export const maxLineBytes: number = 64 * 1024 * 1024;

/** The last line: it says that the file is whole. */
export interface End extends JsonObject {
  readonly type: "end";
  readonly chats: number;
  readonly messages: number;
  readonly attachments: number;
}

/** A file beside the lines. */
export interface StoredFile extends JsonObject {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly modifiedMs?: number;
}

/** Where a file of that digest lies. */
export function storedPath(sha256: string): string {
  return `attachments/${sha256.slice(0, 2)}/${sha256}`;
}
