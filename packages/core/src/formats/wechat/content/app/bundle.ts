import {
  limits,
  type Attachment,
  type BundleItem,
  type Draft,
  type ForwardBundlePayload,
  type MessageTime,
} from "../../../../model/index.ts";
import { serverScheme } from "../names.ts";
import { given, part, type Part, type Reading } from "../reading.ts";
import { md5Of } from "../talk/media.ts";
import { all, at, attribute, countAt, idAt, keyAt, textAt } from "../xml/look.ts";
import type { XmlElement } from "../xml/parse.ts";
import { readItem } from "./items.ts";
import { extensionOf, fileNameOf } from "./files.ts";
import type { AppReader } from "./shares.ts";

/** Messages that were forwarded as one, or a note. */
export const readBundle: AppReader = ({ app }, reading) => {
  const record = recordOf(app, reading);
  const title = textAt(app, "title") ?? textAt(record, "title");
  const summary = textAt(app, "des") ?? textAt(record, "desc");
  if (record === undefined && title === undefined && summary === undefined) return undefined;
  return part("forwardBundle", { ...given({ title, summary }), ...itemsOf(record, reading, 1) });
};

/** What the owner of a group makes known to all: words, and files that are kept as a bundle's are. */
export const readAnnouncement: AppReader = ({ app }, reading) => {
  const { items } = itemsOf(recordOf(app, reading), reading, 1);
  const title = textAt(app, "title");
  const lines = items.flatMap(({ body }) => body?.text ?? []);
  const description =
    textAt(app, "textannouncement") ??
    textAt(app, "announcement") ??
    (lines.length > 0 ? lines.join("\n") : textAt(app, "des"));
  if (description === undefined && title === undefined) return undefined;
  for (const [place, { about, ...file }] of reading.files.entries()) {
    const { role: _, ...own } = about;
    reading.files[place] = { ...file, about: own };
  }
  return part("card", { type: "announcement", ...given({ title, description }) });
};

/** The `recordinfo` below an element: as a child, or as a document in the text of one, with or without a frame. */
function recordOf(element: XmlElement, reading: Reading): XmlElement | undefined {
  const record = at(element, "recordinfo");
  if (record !== undefined) return record;
  for (const name of ["recorditem", "recordxml"]) {
    const inside = reading.inside(at(element, name));
    const frame = at(inside, name) ?? inside;
    const found = at(frame, "recordinfo") ?? (at(frame, "datalist") === undefined ? undefined : frame);
    if (found !== undefined) return reading.inside(found);
  }
  return undefined;
}

type Items = Pick<ForwardBundlePayload, "items" | "complete">;

function itemsOf(record: XmlElement | undefined, reading: Reading, depth: number): Items {
  const list = at(record, "datalist");
  if (list === undefined || depth > limits.bundleDepth) return { items: [], complete: false };
  const elements = all(list, "dataitem").slice(0, limits.listLength);
  const items = elements.map((element) => itemOf(element, reading, depth));
  const stated = attribute(list, "count");
  const isComplete = !list.isCut && (stated === undefined || stated === String(items.length));
  return { items, complete: isComplete };
}

function itemOf(element: XmlElement, reading: Reading, depth: number): BundleItem {
  const type = attribute(element, "datatype") ?? "";
  const item: Draft<BundleItem> =
    type === nested ? nestedItem(element, reading, depth) : said(element, type, reading);
  const authorName = textAt(element, "sourcename");
  if (authorName !== undefined) item.authorName = authorName;
  const time = timeOf(element);
  if (time !== undefined) item.time = time;
  const id = idAt(element, "fromnewmsgid");
  if (id !== undefined) item.nativeIds = [{ scheme: serverScheme, value: id }];
  return item;
}

/** The type of a bundle inside a bundle. */
const nested = "17";

function nestedItem(element: XmlElement, reading: Reading, depth: number): Part {
  const record = recordOf(element, reading);
  return part("forwardBundle", {
    ...given({ title: textAt(element, "datatitle") ?? textAt(record, "title") }),
    ...given({ summary: textAt(element, "datadesc") ?? textAt(record, "desc") }),
    ...itemsOf(record, reading, depth + 1),
  });
}

function said(element: XmlElement, type: string, reading: Reading): BundleItem {
  const { file, ...content } = readItem(element, type, reading);
  if (file === undefined) return content;
  const place = reading.add({
    about: { role: "item", ...aboutItem(element, file) },
    place: "item",
    ...given({ extension: extensionOf(keyAt(element, "datafmt")), dataId: dataIdOf(element) }),
    otherwise: "missing",
  });
  return place === undefined ? content : { ...content, attached: [place] };
}

function aboutItem(element: XmlElement, kind: NonNullable<Attachment["kind"]>): Omit<Attachment, "state"> {
  const fileName = kind === "file" ? fileNameOf(textAt(element, "datatitle")) : undefined;
  const sizeBytes = countAt(element, "datasize");
  return { kind, ...given({ fileName, sizeBytes }), ...md5Of(keyAt(element, "fullmd5")) };
}

function dataIdOf(element: XmlElement): string | undefined {
  const id = attribute(element, "dataid");
  return id !== undefined && /^[\w-]{1,64}$/.test(id) ? id : undefined;
}

/** Year, month, day, hour, minute and perhaps second, as WeChat writes them in its languages. */
const localTime = /^(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?\s{1,4}(\d{1,2}):(\d{2})(?::(\d{2}))?$/;

/** An instant where the item states one, else the clock of who forwarded it. */
function timeOf(element: XmlElement): MessageTime | undefined {
  const seconds = countAt(element, "srcMsgCreateTime");
  if (seconds !== undefined && seconds < 100_000_000_000)
    return { sent: seconds * 1000, precision: "s", zone: "utc" };
  const found = localTime.exec(keyAt(element, "sourcetime") ?? "");
  if (found === null) return undefined;
  const [year, month, day, hour, minute] = found.slice(1, 6).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const sent = Date.UTC(year, month - 1, day, hour, minute, Number(found[6] ?? 0));
  return { sent, precision: found[6] === undefined ? "min" : "s", zone: "floating" };
}
