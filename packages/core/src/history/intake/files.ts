import { KeepsakeError, type Finding } from "../../base/index.ts";
import type { Attachment, Message, SourceFile } from "../../model/index.ts";
import type { AttachmentStore } from "./attachments.ts";
import type { FileFiller } from "./events.ts";

/** Stores the files of events and fills in what they are; one that cannot be read becomes a finding. */
export function fileFiller(
  store: AttachmentStore,
  options: {
    onFinding: (finding: Finding) => void;
    onLoose: (attachment: Attachment) => void;
    /** Whether a message will not be stored, so that its files are not either. */
    isLeftOut: (message: Message) => boolean;
  },
): FileFiller {
  const fill = async (attachment: Attachment, file: SourceFile | undefined): Promise<Attachment> => {
    if (file === undefined) return attachment;
    try {
      const { sha256, sizeBytes } = await store.put(file);
      return { ...attachment, state: "present", sha256, sizeBytes };
    } catch (error) {
      if (KeepsakeError.is(error) && !error.code.startsWith("format.")) throw error;
      options.onFinding({ code: "history.unreadable-file", severity: "error", where: file.path });
      return { ...attachment, state: "missing" };
    }
  };
  return {
    async message({ message, files }) {
      if (message.attachments === undefined || files === undefined || options.isLeftOut(message))
        return message;
      const attachments: Attachment[] = [];
      for (const [i, attachment] of message.attachments.entries())
        attachments.push(await fill(attachment, files[i]));
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
