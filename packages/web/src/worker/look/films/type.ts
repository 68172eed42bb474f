import type { Bytes } from "@keepsake/core/base";

/** How many bytes of a film tell what it is. */
const HEAD_BYTES = 256;

/** Containers of films that a browser may play. Whether it plays what is in one, only it knows. */
type FilmType = "video/mp4" | "video/quicktime" | "video/webm" | "video/x-matroska";

/** What a film is by its first bytes, whatever its source calls it; undefined for what is none of the list. */
export function filmTypeOf(bytes: Bytes): FilmType | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, HEAD_BYTES));
  if (head.startsWith("\x1a\x45\xdf\xa3")) {
    if (head.includes("webm")) return "video/webm";
    return head.includes("matroska") ? "video/x-matroska" : undefined;
  }
  const box = head.slice(4, 8);
  if (box === "ftyp") return head.slice(8, 12) === "qt  " ? "video/quicktime" : "video/mp4";
  // QuickTime from before it said so.
  return box === "moov" || box === "mdat" || box === "wide" ? "video/quicktime" : undefined;
}
