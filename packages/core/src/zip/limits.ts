type LimitName =
  | "entries"
  | "directoryBytes"
  | "ratio"
  | "allRatio"
  | "allFreeBytes"
  | "depth"
  | "findings"
  | "waitingBytes";

/** What no honest zip passes, and how much a writer keeps in memory. */
export const zipLimits: Readonly<Record<LimitName, number>> = {
  /** Entries of one zip. */
  entries: 1_000_000,
  /** The list of them, which is held in memory while it is read. */
  directoryBytes: 256 * 1024 * 1024,
  /** How many bytes one packed byte may become: deflate cannot do more than 1032. */
  ratio: 1100,
  /** What all entries together may unpack to: so much for each byte of the zip, */
  allRatio: 250,
  /** or so much, whatever its size. */
  allFreeBytes: 4 * 1024 * 1024 * 1024,
  /** Folders one inside the other. */
  depth: 64,
  /** Findings of one kind that say where; the others are counted. */
  findings: 100,
  /** Files that are written while another one is on its way into a zip. */
  waitingBytes: 64 * 1024 * 1024,
};
