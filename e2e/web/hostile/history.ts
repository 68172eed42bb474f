import {
  accountId,
  chatId,
  type Account,
  type Attachment,
  type Kind,
  type Message,
  type PayloadOf,
  type ReadEvent,
  type SourceFile,
} from "../../../packages/core/src/model/index.ts";
import { hostileAddresses, payloads } from "./payloads.ts";

/*
 * A history in which everything that somebody else may have written is one of the payloads: texts, names, titles, file
 * names, addresses, and files that are pages.
 */

const platform = "telegram";
const start = Date.UTC(2020, 0, 1);
const chat = chatId({ platform, class: "group", nativeId: "hostile" });
const own: Account = {
  id: accountId({ platform, kind: "user", value: "1" }),
  platform,
  kind: "user",
  value: "1",
};

/** A message of each kind, with the text in every field that takes any. */
const made: { readonly [K in Kind]?: (text: string, url: string) => PayloadOf<K> } = {
  link: (text, url) => ({ url, title: text, description: text, siteName: text }),
  card: (text, url) => ({
    type: text,
    app: text,
    title: text,
    description: text,
    url,
    fields: [{ name: text, value: text }],
  }),
  miniProgram: (text, url) => ({ title: text, name: text, appId: text, page: text, url }),
  event: (text, url) => ({ title: text, description: text, place: text, url }),
  location: (text, url) => ({ latitude: "31.2", longitude: "121.5", title: text, address: text, url }),
  liveLocation: (text) => ({ latitude: "31.2", longitude: "121.5", title: text }),
  post: (text, url) => ({ type: text, authorName: text, text, url, id: text }),
  music: (text, url) => ({ title: text, performer: text, album: text, url, soundUrl: url, lyrics: text }),
  contact: (text) => ({ name: text, phones: [text], emails: [text], vcard: text, note: text }),
  game: (text, url) => ({ title: text, description: text, url, score: 1 }),
  transfer: (text) => ({ state: text, amount: "1.00", currency: "CNY", note: text, transferId: text }),
  redPacket: (text) => ({ greeting: text, state: text, packetId: text }),
  invoice: (text) => ({ title: text, description: text, receiptTarget: text }),
  gift: (text) => ({ type: text, title: text, from: text, to: text }),
  poll: (text) => ({ question: text, options: [{ text }, { text, votes: 3 }] }),
  todo: (text) => ({ title: text, tasks: [{ text, done: true }] }),
  sticker: (text) => ({ emoji: text, id: text, pack: text, result: text }),
  storyReply: (text, url) => ({ author: text, storyText: text, url, emoji: text }),
  system: (text) => ({ action: text, meaning: "title.change", actorName: text, targetNames: [text] }),
  unknown: (text) => ({ sourceType: text }),
  forwardBundle: (text) => ({
    title: text,
    summary: text,
    items: [{ kind: "text", authorName: text, body: { text } }],
  }),
};

const kinds = Object.keys(made) as Kind[];

/** Files that a browser would run or fetch for, if it opened them as what they say they are. */
const pages: readonly { readonly extension: string; readonly mime: string; readonly text: string }[] = [
  {
    extension: "svg",
    mime: "image/svg+xml",
    text: '<svg xmlns="http://www.w3.org/2000/svg" onload="keepsakeRan(1)"><script>keepsakeRan(1)</script><image href="//keepsake.invalid/x.png"/></svg>',
  },
  {
    extension: "html",
    mime: "text/html",
    text: '<!doctype html><script>keepsakeRan(1)</script><img src="//keepsake.invalid/x.png">',
  },
  {
    extension: "xml",
    mime: "application/xml",
    text: '<?xml-stylesheet href="//keepsake.invalid/x.xsl"?><x xmlns="http://www.w3.org/1999/xhtml"><script>keepsakeRan(1)</script></x>',
  },
  { extension: "jpg", mime: "image/jpeg", text: "<script>keepsakeRan(1)</script>" },
  { extension: "gif", mime: "image/gif", text: "GIF89a/*<script>keepsakeRan(1)</script>*/=1;keepsakeRan(1)" },
  {
    extension: "pdf",
    mime: "application/pdf",
    text: "%PDF-1.7\n<</OpenAction<</S/JavaScript/JS(keepsakeRan(1))>>>>",
  },
];

function fileOf(name: string, text: string): SourceFile {
  const bytes = new TextEncoder().encode(text);
  return {
    path: `files/${name}`,
    sizeBytes: bytes.length,
    modifiedMs: start,
    // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
    async *open(range = { start: 0 }) {
      yield bytes.slice(range.start, range.end);
    },
  };
}

/** How many messages it has. */
export const hostileCount: number = 2 * payloads.length + pages.length * 3;

// oxlint-disable-next-line typescript/require-await -- readers are asynchronous
export async function* hostileHistory(): AsyncGenerator<ReadEvent> {
  yield { type: "source", source: { format: "made", formatVersion: "1", platform, own } };
  yield { type: "account", account: own };
  yield { type: "chat", chat: { id: chat, platform, kind: "group", own: [own.id], title: payloads[0]! } };
  const people = payloads.map((text, i): Account => {
    const value = String(i + 2);
    return {
      id: accountId({ platform, kind: "user", value }),
      platform,
      kind: "user",
      value,
      names: [{ kind: "display", value: text }],
    };
  });
  for (const account of people) yield { type: "account", account };
  let at = 0;
  const next = (): Pick<Message, "chat" | "time" | "nativeIds"> => ({
    chat,
    time: { sent: start + at * 3_600_000, precision: "s", zone: "utc" },
    nativeIds: [{ scheme: "telegram.message", value: String(++at) }],
  });
  for (const [i, text] of payloads.entries()) {
    const author = people[i]!.id;
    const spans = [
      { type: "textLink" as const, start: 0, length: 1, url: hostileAddresses[i % hostileAddresses.length]! },
    ];
    const body = { text, spans };
    yield {
      type: "message",
      message: {
        ...next(),
        author,
        authorName: text,
        kind: "text",
        body,
        reply: { snapshot: { text, authorName: text } },
      },
    };
    const kind = kinds[i % kinds.length]!;
    const url = hostileAddresses[i % hostileAddresses.length]!;
    yield {
      type: "message",
      message: { ...next(), author, kind, body: { text }, payload: made[kind]!(text, url) } as Message,
    };
  }
  for (const [i, { extension, mime, text }] of pages.entries()) {
    for (const kind of ["file", "image", "sticker"] as const) {
      const name = `${i}-${kind}.${extension}`;
      const file = fileOf(name, text);
      const attachment: Attachment = {
        kind,
        state: "present",
        mime,
        fileName: `${payloads[i]!}.${extension}`,
        sizeBytes: file.sizeBytes,
      };
      const message: Message = { ...next(), author: people[i]!.id, kind, attachments: [attachment] };
      yield { type: "message", message, files: [file] };
    }
  }
}
