import { KeepsakeError, type Finding } from "../../base/index.ts";
import type { Attachment, Message, SourceFile } from "../../model/index.ts";
import { weekOfTime } from "../rows/write-attachments.ts";
import type { AttachmentStore } from "./attachments.ts";
import type { Chooser } from "./chooser.ts";
import type { FileFiller } from "./events.ts";

/** Why a file is not there that the owner chose to leave out. */
export const LEFT_OUT = "keepsake:left-out";

/** Stores the files of events and fills in what they are; one that cannot be read becomes a finding. */
export function fileFiller(
  store: AttachmentStore,
  options: {
    onFinding: (finding: Finding) => void;
    onLoose: (attachment: Attachment) => void;
    /** Whether a message was forgotten, so that its files are not stored either. */
    isForgotten: (message: Message) => boolean;
    chooser: Chooser;
  },
): FileFiller {
  const { chooser } = options;
  const fill = async (
    attachment: Attachment,
    file: SourceFile | undefined,
    week?: number,
  ): Promise<Attachment> => {
    if (file === undefined) return attachment;
    try {
      const { sha256, sizeBytes } = await store.put(file, week);
      return { ...attachment, state: "present", sha256, sizeBytes };
    } catch (error) {
      if (!isOfFile(error)) throw error;
      options.onFinding({ code: "history.unreadable-file", severity: "error", where: file.path });
      return { ...attachment, state: "missing" };
    }
  };
  /** A file of a message, unless it is left out and the vault does not have it. */
  const fillChosen = async (
    message: Message,
    attachment: Attachment,
    file: SourceFile | undefined,
  ): Promise<Attachment> => {
    const choice = file === undefined ? undefined : chooser.ofFile(message, file.sizeBytes);
    if (file === undefined || choice === undefined) return fill(attachment, file, weekOf(message));
    const known = await store.find(file).catch(() => undefined);
    if (known !== undefined) return { ...attachment, state: "present", ...known };
    if (choice.what === "files")
      chooser.count(choice, message, { messages: 0, files: 1, bytes: file.sizeBytes });
    return { ...attachment, state: "omitted", stateReason: LEFT_OUT, sizeBytes: file.sizeBytes };
  };
  return {
    begin: (chat) => chooser.begin(chat),
    async message({ message, files }) {
      if (message.attachments === undefined || files === undefined || options.isForgotten(message))
        return message;
      const attachments: Attachment[] = [];
      for (const [i, attachment] of message.attachments.entries())
        attachments.push(await fillChosen(message, attachment, files[i]));
      return { ...message, attachments };
    },
    async account({ account, avatarFile }) {
      if (account.avatar === undefined || avatarFile === undefined) return account;
      return { ...account, avatar: await fill(account.avatar, avatarFile) };
    },
    async chat({ chat, avatarFile }) {
      if (chat.avatar === undefined || avatarFile === undefined) return chat;
      return { ...chat, avatar: await fill(chat.avatar, avatarFile) };
    },
    async file({ attachment, file }) {
      options.onLoose(await fill(attachment, file));
    },
  };
}

/** The week of a message; undefined where nobody knows its time. */
function weekOf({ time }: Message): number | undefined {
  return time.precision === "none" ? undefined : weekOfTime(time.sent);
}

/** Whether what was thrown concerns one file: the others go on. */
export function isOfFile(error: unknown): boolean {
  if (KeepsakeError.is(error)) return error.code.startsWith("format.");
  return !(error instanceof Error && error.name === "AbortError");
}
