import {
  loadHistory,
  type FolderProof,
  type Proof,
  type Shrink,
  type Verified,
} from "@keepsake/core/history";
import { newestSnapshot, type Vault } from "@keepsake/core/vault";
import type { Context } from "../../context.ts";
import * as folderWords from "../../ui/messages/folders.ts";
import * as words from "../../ui/messages/vault.ts";
import { countText, dayText, sizeText } from "../../ui/values.ts";
import { printLeftOut } from "../choose/words.ts";
import { chatViews, titleOf } from "../titles.ts";

/** How many chats a person is shown; scripts get all. */
const SHOWN = 40;

/** The proof, chat by chat: what the vault holds now, and what of it was read back. */
export async function printProof(context: Context, vault: Vault, proof: Proof): Promise<void> {
  const { output } = context;
  printFolders(context, proof.folders);
  printLeftOut(output, proof.leftOut);
  if (proof.chats.length === 0) return;
  const shown = output.isJson ? proof.chats : proof.chats.slice(0, SHOWN);
  const titles = await titlesIn(vault, new Set(shown.map(({ chat }) => chat)));
  const rows = shown.map((chat) => {
    const { messages, first, last, attachments, attachmentBytes, digest, verified } = chat;
    const title = titles.get(chat.chat) ?? chat.chat;
    output.event("proof", { ...chat, title });
    const counts = [countText(messages), dayText(first), dayText(last), countText(attachments)];
    return [
      title,
      ...counts,
      sizeText(attachmentBytes),
      digest.slice(0, 12),
      verifiedText(context, verified),
    ];
  });
  const { chat, messages, first, last, files, bytes, digest, checked } = words.proofColumns;
  const text = (each: typeof chat): string => output.text(each);
  output.table(
    [
      { title: text(chat), most: 28 },
      { title: text(messages), align: "right" },
      { title: text(first) },
      { title: text(last) },
      { title: text(files), align: "right" },
      { title: text(bytes), align: "right" },
      { title: text(digest) },
      { title: text(checked) },
    ],
    rows,
  );
  if (proof.chats.length > SHOWN) output.say(words.moreChats, { n: countText(proof.chats.length - SHOWN) });
}

/** The lines of kept folders. */
function printFolders(context: Context, folders: readonly FolderProof[]): void {
  if (folders.length === 0) return;
  const { output } = context;
  const rows = folders.map((line) => {
    const { name, format, files, bytes, newest, digest, verified } = line;
    output.event("proof", { ...line });
    const counts = [countText(files), sizeText(bytes), dayText(newest)];
    return [name, format, ...counts, digest.slice(0, 12), verifiedText(context, verified)];
  });
  const { folder, format, files, size, newest, digest, checked } = folderWords.columns;
  const text = (each: typeof folder): string => output.text(each);
  output.table(
    [
      { title: text(folder), most: 28 },
      { title: text(format) },
      { title: text(files), align: "right" },
      { title: text(size), align: "right" },
      { title: text(newest) },
      { title: text(digest) },
      { title: text(checked) },
    ],
    rows,
  );
}

/** What the vault holds in all, and how much was read back, if anything had to be. */
export function printSum({ output }: Context, proof: Proof): void {
  const { objects } = proof.readBack;
  const { chats, folders, head } = proof;
  if (chats.length > 0 || folders.length === 0)
    output.say(words.holds, {
      chats: countText(chats.length),
      messages: countText(chats.reduce((sum, each) => sum + each.messages, 0)),
      head,
    });
  if (folders.length > 0)
    output.say(folderWords.holds, {
      n: countText(folders.length),
      files: countText(folders.reduce((sum, each) => sum + each.files, 0)),
      size: sizeText(folders.reduce((sum, each) => sum + each.bytes, 0)),
      head,
    });
  if (objects > 0) output.say(words.readBack, { objects: countText(objects) });
}

/** What was read back now, and when the rest was. */
function verifiedText({ output }: Context, { now, whole, sampled }: Verified): string {
  const said = output.text(words.verified[now]);
  if (now === "whole" || now === "sampled") return said;
  const [earlier, at] = whole === undefined ? [words.readSampled, sampled] : [words.readWhole, whole];
  const before = output.text(at === undefined ? words.readNever : earlier, { day: dayText(at ?? null) });
  return said === "" ? before : `${said}; ${before}`;
}

/** The shrink alarm: what the source does not show any more. All of it is kept. */
export async function printShrink(context: Context, vault: Vault, shrink: Shrink): Promise<void> {
  const { output } = context;
  output.event("shrink", { ...shrink });
  const titles = await titlesIn(vault);
  const { missingChats, shrunkChats } = shrink;
  output.warn(words.shrunk);
  for (const { chat, messages } of missingChats.slice(0, SHOWN))
    output.line(
      output.text(words.missingChat, { chat: titles.get(chat) ?? chat, messages: countText(messages) }),
    );
  for (const { chat, missing, before } of shrunkChats.slice(0, SHOWN)) {
    const values = { chat: titles.get(chat) ?? chat, missing: countText(missing), before: countText(before) };
    output.line(output.text(words.shrunkChat, values));
  }
}

/** Titles of chats, all or these, by id. */
async function titlesIn(vault: Vault, wanted?: ReadonlySet<string>): Promise<Map<string, string>> {
  const titles = new Map<string, string>();
  const history = await loadHistory(vault, await newestSnapshot(vault));
  for await (const { id, view } of chatViews(history, wanted)) titles.set(id, titleOf(view, id));
  return titles;
}
