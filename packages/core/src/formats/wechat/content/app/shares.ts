import type { CardPayload, Span } from "../../../../model/index.ts";
import { readPats } from "../notice/pat.ts";
import { bodyOf, given, part, type Part, type Reading } from "../reading.ts";
import { all, at, keyAt, textAt } from "../xml/look.ts";
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

/** The picture on a card, where its address is known. */
function addPreview(reading: Reading, address: string | undefined): void {
  if (address === undefined || !/^https?:\/\//.test(address)) return;
  reading.add({
    about: { kind: "image", role: "preview", ref: address },
    place: "preview",
    otherwise: "remoteOnly",
  });
}

export const readText: AppReader = ({ app }) => {
  const title = textAt(app, "title");
  return title === undefined ? undefined : part("text", {}, { body: { text: title } });
};

export const readLink: AppReader = (message, reading) => {
  const { app } = message;
  const items = all(at(app, "mmreader", "category"), "item");
  if (items.length > 0) return readPush(items, message, reading);
  addPreview(reading, textAt(app, "thumburl"));
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
    addPreview(reading, textAt(item, "cover"));
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
  addPreview(reading, textAt(app, "songalbumurl"));
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
  addPreview(reading, textAt(app, "thumburl"));
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
  addPreview(reading, textAt(app, "thumburl"));
  const payload: CardPayload = {
    type: type === "" ? "app" : type,
    ...given({ app: siteName(message) }),
    ...words,
  };
  return part("card", payload);
};
