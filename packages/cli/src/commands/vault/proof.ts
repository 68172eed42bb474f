import { loadHistory, type Proof, type Shrink, type Verified } from "@keepsake/core/history";
import { newestSnapshot, type Vault } from "@keepsake/core/vault";
import type { Context } from "../../context.ts";
import * as words from "../../ui/messages/vault.ts";
import { countText, dayText, sizeText } from "../../ui/values.ts";
import { chatViews, titleOf } from "../titles.ts";

/** How many chats a person is shown; scripts get all. */
const SHOWN = 40;

/** The proof, chat by chat: what the vault holds now, and what of it was read back. */
export async function printProof(context: Context, vault: Vault, proof: Proof): Promise<void> {
  const { output } = context;
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

/** What the vault holds in all, and how much was read back, if anything had to be. */
export function printSum({ output }: Context, proof: Proof): void {
  const { objects } = proof.readBack;
  output.say(words.holds, {
    chats: countText(proof.chats.length),
    messages: countText(proof.chats.reduce((sum, each) => sum + each.messages, 0)),
    head: proof.head,
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
