/**
 * Whether the content is there. `present`: the source has it. `omitted`: the export was made without it.
 * `unavailable`: the source could not get it. `expired`: its time at the server is over. `remoteOnly`: only an
 * address is known. `consumed`: seen once and gone. `missing`: the source names a file that is not there.
 */
export type AttachmentState =
  "present" | "omitted" | "unavailable" | "expired" | "remoteOnly" | "consumed" | "missing";

/**
 * What it is to its message; `main` if absent. `item` belongs to an item of a forwarded bundle, `old` to an
 * earlier revision, `quoted` to the snapshot of a reply: these three are pointed at by `attached`.
 */
export type AttachmentRole = "main" | "thumb" | "preview" | "longText" | "item" | "old" | "quoted";

export type AttachmentKind =
  "image" | "video" | "audio" | "voice" | "roundVideo" | "gif" | "sticker" | "file" | "avatar";

/** A hash that the source states, in its own spelling; used to find the file again. */
export interface SourceHash {
  readonly algorithm: "md5" | "sha1" | "sha256" | (string & {});
  readonly value: string;
}

export interface Attachment {
  readonly state: AttachmentState;
  /** The source's own words for why the content is not there. */
  readonly stateReason?: string;
  readonly role?: AttachmentRole;
  readonly kind?: AttachmentKind | (string & {});
  /** SHA-256 of the content, 64 lower-case hex digits; filled in by backup. */
  readonly sha256?: string;
  readonly sizeBytes?: number;
  readonly mime?: string;
  /** The name that the sender gave; never a path. */
  readonly fileName?: string;
  readonly width?: number;
  readonly height?: number;
  readonly durationMs?: number;
  readonly caption?: string;
  readonly spoiler?: boolean;
  readonly viewOnce?: boolean;
  readonly hashes?: readonly SourceHash[];
  /** Where the source says that it lies: an address or a key that does not change from export to export. */
  readonly ref?: string;
  /** What is said in it, where the source knows. */
  readonly transcript?: string;
  /** Loudness, base64, as the source gives it. */
  readonly waveform?: string;
  readonly blurHash?: string;
}
