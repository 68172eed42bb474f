/** What the reader did not understand; `raw` holds it. */
export interface UnknownPayload {
  /** The source's own name or number of the type. */
  readonly sourceType?: string;
}
