import type { AttachmentKind, BundleItem } from "../../../../model/index.ts";
import { accountOf } from "../names.ts";
import { bodyOf, given, part, type Part, type Reading } from "../reading.ts";
import { at, attribute, keyAt, textAt } from "../xml/look.ts";
import type { XmlElement } from "../xml/parse.ts";
import { feedOf } from "./feed.ts";

/** What an item of a bundle says; `file` is the kind of the file that it brings. */
type ItemContent = BundleItem & { readonly file?: AttachmentKind };

type ItemReader = (element: XmlElement, reading: Reading) => ItemContent | undefined;

/** The types of items. One that is not here, or is not what its type promises, is kept as unknown. */
const readers: ReadonlyMap<string, ItemReader> = new Map<string, ItemReader>([
  ["1", readWords],
  ["2", media("image")],
  ["3", media("voice")],
  ["4", media("video")],
  ["5", readLink],
  ["6", readPlace],
  ["8", media("file")],
  ["16", readCard],
  ["19", readMiniProgram],
  ["22", readFeedItem],
  ["23", readFeedItem],
  ["26", readFeedItem],
  ["32", readMusic],
  ["37", media("sticker")],
]);

export function readItem(element: XmlElement, type: string, reading: Reading): ItemContent {
  const found = readers.get(type)?.(element, reading);
  if (found !== undefined) return found;
  const words = textAt(element, "datadesc") ?? textAt(element, "datatitle");
  return part("unknown", { sourceType: `dataitem.${type}` }, bodyOf(words));
}

function readWords(element: XmlElement): Part {
  return part("text", {}, bodyOf(textAt(element, "datadesc") ?? textAt(element, "datatitle")));
}

function media(kind: "image" | "voice" | "video" | "file" | "sticker"): ItemReader {
  return () => ({ kind, file: kind });
}

function readLink(element: XmlElement): Part {
  const web = at(element, "weburlitem");
  return part(
    "link",
    given({
      url: textAt(web, "link") ?? textAt(element, "link"),
      title: textAt(web, "title") ?? textAt(element, "datatitle"),
      description: textAt(web, "desc") ?? textAt(element, "datadesc"),
      siteName: textAt(web, "appmsgshareitem", "srcdisplayname"),
    }),
  );
}

function readPlace(element: XmlElement): Part | undefined {
  const place = at(element, "locitem") ?? at(element, "location");
  if (place === undefined) return undefined;
  const of = (name: string): string | undefined => textAt(place, name) ?? attribute(place, name);
  return part(
    "location",
    given({ latitude: of("lat"), longitude: of("lng"), title: of("poiname"), address: of("label") }),
  );
}

function readCard(element: XmlElement, reading: Reading): Part | undefined {
  const card = at(reading.xml(textAt(element, "datadesc") ?? ""), "msg");
  const userName = attribute(card, "username");
  const name = attribute(card, "nickname") ?? textAt(element, "datatitle");
  if (userName === undefined && name === undefined) return undefined;
  return part("contact", given({ name, account: userName === undefined ? undefined : accountOf(userName) }));
}

function readMiniProgram(element: XmlElement): Part {
  const program = at(element, "appbranditem");
  return part(
    "miniProgram",
    given({
      title: textAt(element, "datatitle"),
      name: textAt(program, "sourcedisplayname"),
      appId: keyAt(program, "appid") ?? keyAt(program, "username"),
      page: keyAt(program, "pagepath"),
    }),
  );
}

function readFeedItem(element: XmlElement): Part | undefined {
  const feed = feedOf(element);
  return feed && part("post", feed.post);
}

function readMusic(element: XmlElement): Part {
  return part(
    "music",
    given({
      title: textAt(element, "datatitle"),
      performer: textAt(element, "datadesc"),
      url: textAt(element, "streamweburl") ?? textAt(element, "link"),
      soundUrl: textAt(element, "streamdataurl"),
    }),
  );
}
