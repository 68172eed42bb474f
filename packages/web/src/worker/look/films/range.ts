/** Bytes from `start` up to and without `end`. */
interface Bounds {
  readonly start: number;
  readonly end: number;
}

/**
 * Which bytes a header `range` asks for: one range of bytes in one of its three forms (RFC 9110, 14.1.2). Undefined for
 * anything else, and where none of these bytes are there.
 */
export function rangeOf(header: string | null, sizeBytes: number): Bounds | undefined {
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  const bounds =
    first === ""
      ? { start: Math.max(0, sizeBytes - Number(last)), end: sizeBytes }
      : { start: Number(first), end: last === "" ? sizeBytes : Math.min(sizeBytes, Number(last) + 1) };
  return bounds.start < bounds.end ? bounds : undefined;
}
