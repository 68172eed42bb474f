import type { Finding } from "../../../base/index.ts";
import type {
  Attachment,
  AttachmentState,
  Deletion,
  Fidelity,
  MessageContent,
} from "../../../model/index.ts";

/** One row of a chat as WeChat keeps it, whatever database it is from. */
export interface WeChatRow {
  readonly type: number;
  readonly text: string;
  /** Whether the owner of the account sent it. */
  readonly isOwn: boolean;
  /** The XML beside the message (`msgsource`), where there is any. */
  readonly source?: string;
}

/** What the reader knows around a row. */
export interface RowContext {
  /** The user name of the chat. */
  readonly chat: string;
  readonly isGroup: boolean;
  /** The owner's own user name. */
  readonly own: string;
  /** The name that is shown for a user name, where one is known. */
  nameOf(userName: string): string | undefined;
}

/**
 * Where WeChat keeps a file: `image` with its larger form beside it, `file` what an app message carries, `preview` the
 * picture beside a card, `item` what belongs to an item of a forwarded bundle, `remote` nowhere but at an address.
 */
type FilePlace =
  | "image"
  | "imageThumb"
  | "voice"
  | "video"
  | "videoThumb"
  | "sticker"
  | "file"
  | "preview"
  | "item"
  | "remote";

/** A file that a row names. Whether it is there is for the caller to find out. */
export interface RowFile {
  /** The attachment as the row describes it: all but its state. */
  readonly about: Omit<Attachment, "state">;
  readonly place: FilePlace;
  /** The ending of its name, of letters and digits alone. */
  readonly extension?: string;
  /** The key of a bundle's item, fit for a file name. */
  readonly dataId?: string;
  /** The state where no file is found. */
  readonly otherwise: Extract<AttachmentState, "missing" | "remoteOnly">;
  /** A small picture that may be left out where it is not found: nothing points at it. */
  readonly isOptional?: true;
}

/** What a row says, in the words of the model. */
export interface RowContent extends MessageContent {
  /** Where the row says which way it went and not who sent it. */
  readonly direction?: "in";
  /**
   * In the order of the attachments that they become; `attached` in payload and reply counts in it. A caller that
   * leaves out optional files moves no pointer, as rows with pointers have none.
   */
  readonly files: readonly RowFile[];
  /** That this message, or the one that `revokes` names, was taken back. */
  readonly deletion?: Deletion;
  /** The server's id of the message that this row takes back: one more native id of the row. */
  readonly revokes?: string;
  /** How much of the row could be read; all of it if absent. */
  readonly fidelity?: Fidelity;
  /** Says nothing to a person, such as the state of a synchronisation: kept, and no part of a timeline. */
  readonly isNoise?: true;
  readonly findings: readonly Finding[];
}
