import { readNotice } from "../notice/system.ts";
import { part, type Part, type Reading } from "../reading.ts";
import { at, keyAt } from "../xml/look.ts";
import type { XmlElement } from "../xml/parse.ts";
import { readAnnouncement, readBundle } from "./bundle.ts";
import { readFeed } from "./feed.ts";
import { readFile, readAppSticker, readPicture } from "./files.ts";
import { readRedPacket, readTransfer } from "./money.ts";
import { readQuote } from "./quote.ts";
import * as shares from "./shares.ts";
import type { AppReader } from "./shares.ts";

/** The types of app messages. One that is not here is a card, where it has words. */
const readers: ReadonlyMap<string, AppReader> = new Map<string, AppReader>([
  ["1", shares.readText],
  ["2", readPicture],
  ["3", shares.readMusic],
  ["76", shares.readMusic],
  ["92", shares.readMusic],
  ["4", shares.readLink],
  ["5", shares.readLink],
  ["6", readFile],
  ["8", readAppSticker],
  ["17", shares.readLiveLocation],
  ["19", readBundle],
  ["24", readBundle],
  ["33", shares.readMiniProgram],
  ["36", shares.readMiniProgram],
  ["50", readFeed],
  ["51", readFeed],
  ["63", readFeed],
  ["88", readFeed],
  ["53", shares.readSolitaire],
  ["57", readQuote],
  ["62", shares.readPat],
  ["87", readAnnouncement],
  ["2000", readTransfer],
  ["2001", readRedPacket],
]);

/** A message by an app: a share, a card, money, a quote. */
export function readApp(reading: Reading): Part | undefined {
  const root = reading.xml(reading.text);
  const app = at(root, "msg", "appmsg") ?? at(root, "appmsg");
  if (app === undefined) return readNotice(root, reading);
  return readAppElement(app, at(root, "msg") ?? root!, reading);
}

/** The app message of an element, and the element around it, which names the app. */
function readAppElement(app: XmlElement, message: XmlElement, reading: Reading): Part | undefined {
  const type = keyAt(app, "type") ?? "";
  const read = readers.get(type);
  const found = read?.({ app, message, type }, reading) ?? shares.readCard({ app, message, type }, reading);
  if (found !== undefined) return found;
  return type === "" ? undefined : part("unknown", { sourceType: `49.${type}` });
}
