import type { Attachment, Message } from "../../../src/model/index.ts";
import type { Random } from "../../history/random.ts";

/** What the maker of a row knows around it. */
export interface Scene {
  readonly random: Random;
  /** The chat's user name, as the reader knows it: a hash where nobody gives the name away. */
  readonly chat: string;
  readonly own: string;
  /** Whether rows name their senders. */
  readonly isGroup: boolean;
  /** Whether the reader knows the chat's user name. */
  readonly isNamed: boolean;
  /** Who sends the row. */
  readonly sender: string;
  readonly isOwn: boolean;
  /** The others of the chat. */
  readonly people: readonly string[];
  readonly sentSeconds: number;
  readonly number: number;
  /** The server's id of this row, and of one that it may answer. */
  readonly server: string;
  readonly before: Said | undefined;
  /** How a person is shown in the chat, where that is known. */
  nameOf(user: string): string | undefined;
}

/** A message that was said before, to be answered. */
export interface Said {
  readonly server: string;
  readonly sender: string;
  readonly sentSeconds: number;
  readonly text: string;
}

/** What the bytes of a made file are like. */
export interface FileSort {
  /** Its size against that of a photo. */
  readonly factor: number;
  /** The first bytes, by which the kind is recognised. */
  readonly magic: readonly number[];
}

/** A file that a row names. */
export interface MadeFile {
  readonly about: Omit<Attachment, "state">;
  /** Where it lies on a phone that has it, `#` standing for the row's number: `Img/#.pic`. Undefined: nowhere. */
  readonly place?: string;
  readonly sort?: FileSort;
  readonly otherwise: "missing" | "remoteOnly";
  /** A small picture beside a file; where it is not there, nothing is said of it. */
  readonly isOptional?: true;
}

/** What the message of a row is to say, without what the row's other columns say. */
type Says = Pick<Message, "kind"> &
  Partial<Pick<Message, "body" | "payload" | "reply" | "mentions" | "deletion">>;

/** What a row holds, and what it is to say. */
export interface MadeContent {
  readonly type: number;
  /** Without the line that names the sender. */
  readonly text: string;
  /** What lies beside it in `ChatExt2`. */
  readonly source?: string;
  readonly says: Says;
  readonly files?: readonly MadeFile[];
}

export type MakeContent = (scene: Scene) => MadeContent;

/** A picture, voice and so on as they begin. */
export const sorts: Readonly<Record<"image" | "thumb" | "voice" | "video" | "file", FileSort>> = {
  image: { factor: 1, magic: [0xff, 0xd8, 0xff, 0xe0] },
  thumb: { factor: 0.02, magic: [0xff, 0xd8, 0xff, 0xe0] },
  voice: { factor: 0.1, magic: [2, ...ascii("#!SILK_V3")] },
  video: { factor: 8, magic: [0, 0, 0, 0x18, ...ascii("ftypmp42")] },
  file: { factor: 3, magic: ascii("%PDF-1.7\n") },
};

function ascii(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}
