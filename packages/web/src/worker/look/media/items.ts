import { isTakenBack, type Attachment, type Body, type Message } from "@keepsake/core/model";

/** What of a chat is looked at apart from its messages. */
export type MediaTab = "pictures" | "files" | "links" | "voice";

export const mediaTabs: readonly MediaTab[] = ["pictures", "files", "links", "voice"];

/** An address that somebody sent. */
interface LinkSent {
  readonly url: string;
  /** As the source names it; absent where it is only an address. */
  readonly title?: string;
}

/** A picture, film, file, voice or address, before it is known where its message stands. */
export interface Sent {
  readonly tab: MediaTab;
  readonly kind: string;
  readonly main?: Attachment;
  /** Its small picture, where the source has one. */
  readonly thumb?: Attachment;
  readonly link?: LinkSent;
}

const tabs: Readonly<Record<string, MediaTab>> = {
  image: "pictures",
  gif: "pictures",
  video: "pictures",
  roundVideo: "pictures",
  voice: "voice",
  audio: "voice",
  file: "files",
};

const address = /https?:\/\/[^\s<>"'，。；、！？（）《》“”]+/g;

/**
 * What a message carries that is listed: its own files and the addresses in it. Nothing of what was taken back, and
 * nothing that was meant to be seen once: that is shown in its chat, by a step of its own.
 */
export function sentIn(message: Message): readonly Sent[] {
  if (isTakenBack(message) || message.ephemeral?.viewOnce === true) return [];
  return [...filesIn(message), ...linksIn(message)];
}

function filesIn({ attachments = [], kind }: Message): Sent[] {
  const isOwn = ({ role, viewOnce }: Attachment): boolean =>
    (role === undefined || role === "main") && viewOnce !== true;
  const thumb = attachments.find(({ role }) => role === "thumb" || role === "preview");
  const mains = attachments.filter(isOwn);
  return mains.flatMap((main): Sent[] => {
    const tab = tabs[kind] ?? (kind === "text" ? tabs[main.kind ?? ""] : undefined);
    if (tab === undefined) return [];
    return [{ tab, kind, main, ...(thumb !== undefined && mains.length === 1 && { thumb }) }];
  });
}

function linksIn({ payload, body, kind }: Message): Sent[] {
  const links = [...linkOfCard(payload), ...linksOfText(body)].filter(({ url }) => isAddress(url));
  // Of an address that is there twice, the first is the one with a title.
  const firsts = links.filter(({ url }, i) => links.findIndex((each) => each.url === url) === i);
  return firsts.map((link) => ({ tab: "links", kind, link }));
}

function linkOfCard(payload: object | undefined): LinkSent[] {
  const { url, title } = (payload ?? {}) as { readonly url?: unknown; readonly title?: unknown };
  if (typeof url !== "string") return [];
  return [{ url, ...(typeof title === "string" && title !== "" && { title }) }];
}

function linksOfText(body: Body | undefined): LinkSent[] {
  if (body === undefined) return [];
  const named = (body.spans ?? []).flatMap(({ type, url, start, length }): LinkSent[] =>
    type === "textLink" && url !== undefined ? [{ url, title: body.text.slice(start, start + length) }] : [],
  );
  return [...named, ...[...body.text.matchAll(address)].map(([url]) => ({ url }))];
}

function isAddress(url: string): boolean {
  return /^https?:\/\//.test(url) && URL.canParse(url);
}
