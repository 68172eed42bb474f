type LimitName = "textLength" | "listLength" | "unknownDepth" | "bundleDepth" | "canonicalDepth";

/** What no honest record passes. Beyond a limit a field is moved aside by validation, or a value is refused. */
export const limits: Readonly<Record<LimitName, number>> = {
  /** UTF-16 code units of one string. */
  textLength: 8 * 1024 * 1024,
  /** Entries of one list, and keys of one object. */
  listLength: 100_000,
  /** Levels of nesting inside one unknown field. */
  unknownDepth: 64,
  /** Bundles inside bundles. */
  bundleDepth: 16,
  /** Levels of nesting that a canonical form may have. */
  canonicalDepth: 256,
};
