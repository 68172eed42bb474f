import { encode } from "uqr";

/** A QR code as it is drawn: a path of squares, so many on each side. */
export interface Drawn {
  readonly path: string;
  readonly size: number;
}

export function drawn(text: string): Drawn {
  const { data, size } = encode(text, { border: 0 });
  const path = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return { path, size };
}
