import type { CardPayload, Span } from "../../../../model/index.ts";
import { readPats } from "../notice/pat.ts";
import { bodyOf, given, part, type Part, type Reading } from "../reading.ts";
import { all, at, countAt, keyAt, textAt } from "../xml/look.ts";
import type { XmlElement } from "../xml/parse.ts";

/** An app message: its element, the element around it, and its type. */
export interface AppMessage {
  readonly app: XmlElement;
  readonly message: XmlElement;
  readonly type: string;
}

/** Reads one type of app message; undefined where it is not what the type promises. */
export type AppReader = (message: AppMessage, reading: Reading) => Part | undefined;

/** The name of the app that a share comes from. */
function siteName({ app, message }: AppMessage): string | undefined {
  return textAt(app, "sourcedisplayname") ?? textAt(message, "appinfo", "appname") ?? textAt(app, "appname");
}

/** The picture on a card: kept beside the message, or known by its address alone. */
function addPreview({ app }: AppMessage, reading: Reading, addressTag: string): void {
  const ref = addressOf(textAt(app, addressTag));
  const about = {
    kind: "image",
    role: "preview",
    ...given({
      sizeBytes: countAt(app, "appattach", "cdnthumblength"),
      width: countAt(app, "appattach", "cdnthumbwidth"),
      height: countAt(app, "appattach", "cdnthumbheight"),
      ref,
    }),
  } as const;
  if (ref === undefined) reading.add({ about, place: "preview", otherwise: "missing", isOptional: true });
  else reading.add({ about, place: "preview", otherwise: "remoteOnly" });
}

/** An address of the web; WeChat's keys of files are none. */
export function addressOf(text: string | undefined): string | undefined {
  const address = text?.trim();
  return address !== undefined && /^https?:\/\//.test(address) ? address : undefined;
}

/** A picture that is known by its address alone. */
export function addRemote(reading: Reading, ref: string | undefined, size: object = {}): void {
  if (ref === undefined) return;
  const about = { kind: "image", role: "preview", ...size, ref } as const;
  reading.add({ about, place: "remote", otherwise: "remoteOnly" });
}

export const readText: AppReader = ({ app }) => {
  const title = textAt(app, "title");
  return title === undefined ? undefined : part("text", {}, { body: { text: title } });
};

export const readLink: AppReader = (message, reading) => {
  const { app } = message;
  const items = all(at(app, "mmreader", "category"), "item");
  if (items.length > 0) return readPush(items, message, reading);
  addPreview(message, reading, "thumburl");
  const payload = given({
    url: textAt(app, "url"),
    title: textAt(app, "title"),
    description: textAt(app, "des"),
    siteName: siteName(message),
  });
  return Object.keys(payload).length === 0 ? undefined : part("link", payload);
};

/** What an official account sends to all who follow it: one or several articles, the titles as links. */
function readPush(items: readonly XmlElement[], { app, message }: AppMessage, reading: Reading): Part {
  const spans: Span[] = [];
  const titles: string[] = [];
  let start = 0;
  for (const item of items) {
    const title = (textAt(item, "title") ?? textAt(item, "digest") ?? "").trim();
    const url = textAt(item, "url");
    if (url !== undefined && title !== "")
      spans.push({ start, length: title.length, type: "textLink", url: url.trim() });
    addRemote(reading, addressOf(textAt(item, "cover")));
    titles.push(title);
    start += title.length + 1;
  }
  const text = titles.join("\n");
  const [first] = items;
  return part(
    "post",
    {
      type: "post",
      ...given({
        authorName:
          textAt(app, "mmreader", "publisher", "nickname") ??
          textAt(message, "appinfo", "appname") ??
          textAt(app, "mmreader", "category", "name"),
        text: textAt(first, "digest"),
        url: textAt(first, "url")?.trim(),
      }),
    },
    text.trim() === "" ? {} : { body: { text, ...(spans.length > 0 && { spans }) } },
  );
}

export const readMusic: AppReader = (message, reading) => {
  const { app } = message;
  addPreview(message, reading, "songalbumurl");
  const payload = given({
    title: textAt(app, "title"),
    performer: textAt(app, "des"),
    url: textAt(app, "url"),
    soundUrl: textAt(app, "dataurl"),
    lyrics: textAt(app, "songlyric"),
  });
  return Object.keys(payload).length === 0 ? undefined : part("music", payload);
};

export const readMiniProgram: AppReader = (message, reading) => {
  const { app } = message;
  addPreview(message, reading, "thumburl");
  return part(
    "miniProgram",
    given({
      title: textAt(app, "title"),
      name: siteName(message),
      appId: keyAt(app, "weappinfo", "appid") ?? keyAt(app, "weappinfo", "username"),
      page: keyAt(app, "weappinfo", "pagepath"),
      url: textAt(app, "url"),
    }),
  );
};

export const readLiveLocation: AppReader = ({ app }) =>
  part("liveLocation", given({ title: textAt(app, "title") }));

/** A list to which the members of a group add themselves. */
export const readSolitaire: AppReader = ({ app }) => {
  const title = textAt(app, "title");
  const words = title ?? textAt(app, "extinfo", "solitaire", "content");
  return words === undefined ? undefined : part("card", { type: "solitaire" }, bodyOf(words));
};

export const readPat: AppReader = ({ app, message }, reading) => {
  const records = all(at(app, "patMsg", "records"), "record");
  const info = at(app, "patinfo") ?? at(message, "patinfo");
  return readPats(records.length > 0 ? records : info === undefined ? [] : [info], reading);
};

/** Any other app message that has words. */
export const readCard: AppReader = (message, reading) => {
  const { app, type } = message;
  const words = given({
    title: textAt(app, "title"),
    description: textAt(app, "des"),
    url: textAt(app, "url"),
  });
  if (Object.keys(words).length === 0) return undefined;
  addPreview(message, reading, "thumburl");
  const payload: CardPayload = {
    type: type === "" ? "app" : type,
    ...given({ app: siteName(message) }),
    ...words,
  };
  return part("card", payload);
};
