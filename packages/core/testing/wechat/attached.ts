import type { Attachment } from "../../src/model/index.ts";
import { randomOf, type Random } from "../history/random.ts";
import {
  contentOf,
  laterContents,
  mediaPlan,
  thumbContent,
  type FileContent,
  type MediaPlan,
} from "./files.ts";
import { sorts, type MadeFile, type MakeContent } from "./kinds/made.ts";
import { fileContents } from "./kinds/table.ts";
import { laterCounts, type AccountPlan, type ChatPlan, type PhonePlan } from "./plan.ts";

/** What a row's files become: attachments, what is in them in step, and what lies on the phone. */
export interface Attached {
  readonly attachments: Attachment[];
  readonly contents: (FileContent | undefined)[];
  readonly media: { readonly place: string; readonly content: FileContent }[];
}

/** A file that a row of the day after has to bring. */
export interface LaterFile {
  readonly make: MakeContent;
  readonly content: FileContent;
}

export interface AttachOptions {
  /** The row's own name among all rows. */
  readonly name: string;
  /** Where its files lie, behind the folder of their sort: the chat's hash and the row's number. */
  readonly folder: string;
  /** Undefined where the phone has no files. */
  readonly media: MediaPlan | undefined;
  /** Content that has to be there; null where none may be. Absent: by chance. */
  readonly later?: FileContent | null | undefined;
}

/** Which of a row's files are on the phone. */
export function attach(files: readonly MadeFile[], options: AttachOptions): Attached {
  const attached: Attached = { attachments: [], contents: [], media: [] };
  const random = randomOf(options.name, "files");
  let isMainThere = false;
  for (const [i, file] of files.entries()) {
    const content = contentFor(file, { ...options, name: `${options.name} ${i}` }, { random, isMainThere });
    if (file.sort !== sorts.thumb) isMainThere = content !== undefined;
    if (content === undefined && file.isOptional === true) continue;
    const state = content === undefined ? file.otherwise : "present";
    attached.attachments.push({ ...file.about, state });
    attached.contents.push(content);
    if (content === undefined) continue;
    attached.media.push({ place: file.place!.replace("/#", `/${options.folder}`), content });
  }
  return attached;
}

/** A small picture is there wherever its file is, and now and then alone. */
function contentFor(
  { place, sort }: MadeFile,
  { name, media, later }: AttachOptions,
  { random, isMainThere }: { readonly random: Random; readonly isMainThere: boolean },
): FileContent | undefined {
  const draw = random.unit();
  if (place === undefined || sort === undefined || media === undefined) return undefined;
  if (sort === sorts.thumb) {
    const isThere = isMainThere || (later === undefined && draw < media.present / 4);
    return isThere ? thumbContent(name, sort, random) : undefined;
  }
  if (later !== undefined) return later ?? undefined;
  return draw < media.present ? contentOf(media, name, sort) : undefined;
}

/** Which rows of a chat bring a file on the day after, by their numbers: spread over all rows of that day. */
export function laterFiles(plan: PhonePlan, account: AccountPlan, chat: ChatPlan): Map<number, LaterFile> {
  const found = new Map<number, LaterFile>();
  const total = account.chats.reduce((sum, { later }) => sum + later.rows, 0);
  const count = Math.min(laterCounts.files, Math.floor(total / 4));
  if (mediaPlan(plan) === undefined || count === 0) return found;
  const first = account.chats.slice(0, chat.index).reduce((sum, { later }) => sum + later.rows, 0);
  const contents = laterContents(plan, count);
  for (const [i, content] of contents.entries()) {
    const place = Math.floor((i * total) / count) - first;
    if (place >= 0 && place < chat.later.rows)
      found.set(chat.rows + 1 + place, { make: fileContents[i % fileContents.length]!.make, content });
  }
  return found;
}
