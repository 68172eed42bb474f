import type { AttachmentKind, BundleItem } from "../../../src/model/index.ts";
import { personName, sentence, title } from "../../history/words.ts";
import type { Random } from "../../history/random.ts";
import { accountOf } from "../names.ts";
import { sorts, type MadeFile, type MakeContent, type Scene } from "./made.ts";
import { appMessage, attributes, cdata, escaped, hex, serverId, serverKey, tag } from "./xml.ts";

/** What one item holds and is to say. */
interface Item {
  readonly type: number;
  /** The tags within `dataitem`. */
  readonly tags: string;
  readonly says: BundleItem;
  readonly file?: { readonly kind: AttachmentKind; readonly ending: string; readonly fileName?: string };
}

type MakeItem = (random: Random) => Item;

const items: readonly MakeItem[] = [
  words,
  words,
  words,
  withFile(2, "image", "jpg"),
  withFile(3, "voice", "silk"),
  withFile(4, "video", "mp4"),
  withFile(8, "file", "pdf"),
  withFile(37, "sticker", "gif"),
  link,
  place,
  card,
  program,
  (random) => feed(random, 22, "finderFeed", "video"),
  (random) => feed(random, 23, "finderLive", "live"),
  (random) => feed(random, 26, "finderShareNameCard", "profile"),
  song,
  later,
];

function words(random: Random): Item {
  const text = sentence(random);
  return { type: 1, tags: tag("datadesc", text), says: { kind: "text", body: { text } } };
}

function withFile(type: number, kind: AttachmentKind, ending: string): MakeItem {
  return (random) => {
    const fileName = kind === "file" ? `${title(random)}.${ending}` : undefined;
    const named = fileName === undefined ? "" : tag("datatitle", fileName);
    return {
      type,
      tags: named,
      says: { kind },
      file: { kind, ending, ...(fileName !== undefined && { fileName }) },
    };
  };
}

function link(random: Random): Item {
  const [name, about, url] = [
    title(random),
    sentence(random),
    `https://example.org/${hex(random, 16)}?a=1&b=2`,
  ];
  return {
    type: 5,
    tags: `<weburlitem>${tag("title", name)}${tag("link", url)}${tag("desc", about)}<thumburl/></weburlitem>`,
    says: { kind: "link", payload: { url, title: name, description: about } },
  };
}

function place(random: Random): Item {
  const [latitude, longitude] = [`30.${random.below(10_000)}`, `120.${random.below(10_000)}`];
  const [name, address] = [title(random), title(random)];
  const says: BundleItem = { kind: "location", payload: { latitude, longitude, title: name, address } };
  const about = attributes({ lat: latitude, lng: longitude, label: address, poiname: name });
  if (random.chance(0.5)) return { type: 6, tags: `<location ${about}/>`, says };
  return {
    type: 6,
    tags: `<locitem>${tag("lat", latitude)}${tag("lng", longitude)}${tag("label", address)}${tag("poiname", name)}</locitem>`,
    says,
  };
}

function card(random: Random): Item {
  const [user, name] = [`wxid_${hex(random, 14)}`, personName(random)];
  return {
    type: 16,
    tags: tag("datadesc", `<msg ${attributes({ username: user, nickname: name })}/>`),
    says: { kind: "contact", payload: { name, account: accountOf(user) } },
  };
}

function program(random: Random): Item {
  const [name, app, id] = [title(random), personName(random), `gh_${hex(random, 12)}@app`];
  return {
    type: 19,
    tags: `${tag("datatitle", name)}<appbranditem>${tag("username", id)}${tag("sourcedisplayname", app)}${tag("pagepath", "pages/a")}</appbranditem>`,
    says: { kind: "miniProgram", payload: { title: name, name: app, appId: id, page: "pages/a" } },
  };
}

function feed(random: Random, type: number, element: string, what: "video" | "live" | "profile"): Item {
  const name = personName(random);
  return {
    type,
    tags: `<${element}>${tag("nickname", name)}</${element}>`,
    says: { kind: "post", payload: { type: what, authorName: name } },
  };
}

function song(random: Random): Item {
  const [name, performer] = [title(random), personName(random)];
  return {
    type: 32,
    tags: tag("datatitle", name) + tag("datadesc", performer),
    says: { kind: "music", payload: { title: name, performer } },
  };
}

function later(random: Random): Item {
  const text = title(random);
  return {
    type: 99,
    tags: tag("datadesc", text),
    says: { kind: "unknown", payload: { sourceType: "dataitem.99" }, body: { text } },
  };
}

/** A list of items as a document, what they say, and their files. */
class Records {
  readonly files: MadeFile[] = [];
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** A document of some items, bundles within them down to so many levels. */
  document(levels: number): { readonly xml: string; readonly title: string; readonly items: BundleItem[] } {
    const { random } = this.#scene;
    const count = 2 + random.below(6);
    const made = Array.from({ length: count }, () =>
      levels > 0 && random.chance(0.25) ? this.#nested(levels - 1) : this.#item(random.pick(items)(random)),
    );
    const name = "群聊的聊天记录";
    const xml = `<recordinfo>${tag("title", name)}${tag("desc", "…")}<favusername/><isChatRoom>1</isChatRoom><datalist count="${count}">${made.map((each) => each.xml).join("")}</datalist></recordinfo>`;
    return { xml, title: name, items: made.map(({ says }) => says) };
  }

  #nested(levels: number): { xml: string; says: BundleItem } {
    const { random } = this.#scene;
    const { xml, title: name, items: inner } = this.document(levels);
    const about = title(random);
    const content = random.chance(0.5) ? xml : random.chance(0.5) ? cdataIn(xml) : escaped(xml);
    const payload = { title: name, summary: about, items: inner, complete: true };
    return this.#said(
      17,
      `${tag("datatitle", name)}${tag("datadesc", about)}<recordxml>${content}</recordxml>`,
      {
        kind: "forwardBundle",
        payload,
      },
    );
  }

  #item({ type, tags, says, file }: Item): { xml: string; says: BundleItem } {
    if (file === undefined) return this.#said(type, tags, says);
    const { random } = this.#scene;
    const [id, md5, sizeBytes] = [hex(random, 32), hex(random, 32), 1000 + random.below(500_000)];
    const { kind, ending, fileName } = file;
    const attached = this.files.push({
      about: {
        role: "item",
        kind,
        ...(fileName !== undefined && { fileName }),
        sizeBytes,
        hashes: [{ algorithm: "md5", value: md5 }],
      },
      place: `OpenData/#/${id}.${ending}`,
      sort: sorts.image,
      otherwise: "missing",
    });
    const more = `${tag("datafmt", ending)}${tag("datasize", sizeBytes)}${tag("fullmd5", md5)}${tag("cdndataurl", serverKey(this.#scene))}${tag("cdndatakey", hex(random, 32))}`;
    return this.#said(type, tags + more, { ...says, attached: [attached - 1] }, id);
  }

  /** With who said it and when. */
  #said(type: number, tags: string, says: BundleItem, id?: string): { xml: string; says: BundleItem } {
    const { random, sentSeconds } = this.#scene;
    const [author, server] = [personName(random), serverId(random)];
    const [dataId, seconds] = [id ?? hex(random, 32), sentSeconds - random.below(100_000)];
    const day = new Date(seconds * 1000 - ((seconds * 1000) % 60_000));
    const clock = day.toISOString().slice(0, 16).replace("T", " ");
    const hasInstant = random.chance(0.8);
    const instant = hasInstant ? tag("srcMsgCreateTime", seconds) : "";
    const time = hasInstant
      ? ({ sent: seconds * 1000, precision: "s", zone: "utc" } as const)
      : ({ sent: day.getTime(), precision: "min", zone: "floating" } as const);
    return {
      xml: `<dataitem datatype="${type}" dataid="${dataId}" htmlid="${dataId}">${tags}${tag("sourcename", author)}${tag("sourcetime", clock)}${instant}${tag("fromnewmsgid", server)}<sourceheadurl>${escaped(`https://wx.qlogo.cn/mmhead/ver_1/${hex(random, 32)}/96`)}</sourceheadurl></dataitem>`,
      says: {
        ...says,
        authorName: author,
        time,
        nativeIds: [{ scheme: "wechat.server", value: server }],
      },
    };
  }
}

/** CDATA cannot lie in CDATA: one that does is escaped. */
function cdataIn(xml: string): string {
  return xml.includes("]]>") ? escaped(xml) : cdata(xml);
}

/** How the list lies in its message. */
const wraps: readonly ((xml: string) => string)[] = [
  cdataIn,
  (xml) => cdataIn(`<recorditem>${xml}</recorditem>`),
  escaped,
  (xml) => escaped(escaped(xml)),
  (xml) => escaped(escaped(escaped(xml))),
  (xml) => xml,
];

/** Messages that were forwarded as one, type 19, or a note, 24; bundles lie in each other. */
export const bundle =
  (type: 19 | 24): MakeContent =>
  (scene) => {
    const { random, sender } = scene;
    const records = new Records(scene);
    const { xml, items: inner } = records.document(3);
    const [name, summary] = [`${personName(random)}和${personName(random)}的聊天记录`, sentence(random)];
    return {
      type: 49,
      text: appMessage({
        type,
        tags: `${tag("title", name)}${tag("des", summary)}<recorditem>${random.pick(wraps)(xml)}</recorditem>`,
        from: sender,
      }),
      says: { kind: "forwardBundle", payload: { title: name, summary, items: inner, complete: true } },
      files: records.files,
    };
  };
