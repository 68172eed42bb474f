import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { bytesToText, concatBytes, textToBytes, type Bytes } from "../../src/base/index.ts";
import { wechatIos } from "../../src/formats/index.ts";
import type { Message, ReadEvent, SourceFile } from "../../src/model/index.ts";
import { folderSource } from "../../src/platform/node/index.ts";
import { makeBackup, type PhoneFile } from "../apple/backup.ts";
import { md5 } from "./names.ts";
import { weChatFiles, type PhoneRow, type PhoneWeChat } from "./phone.ts";
import { packedText } from "./backup/pack.ts";
import { appDomain } from "./backup/settings.ts";
import { imaginePhone, writePhone } from "./index.ts";
import { readTools } from "./tools.ts";

const own = "wxid_li";
const folder = `Documents/${md5(own)}`;
const mum = "wxid_mum";
const at = 1_700_000_000;
const row = (number: number, text: PhoneRow["text"], more: Partial<PhoneRow> = {}): PhoneRow => ({
  number,
  server: BigInt(number),
  sentSeconds: at + number,
  type: 1,
  text,
  ...more,
});

function phoneWith(rows: readonly PhoneRow[], files: Readonly<Record<string, Bytes>> = {}): PhoneWeChat {
  return {
    userName: own,
    contacts: [{ userName: mum, nickname: "兰" }],
    chats: [{ userName: mum, rows, files }],
  };
}

const plain = phoneWith([row(1, "早")]);

function extra(path: string, text: string): PhoneFile {
  return { domain: appDomain, path, content: textToBytes(text) };
}

/** A phone's files, one of its databases changed by a statement. */
function changed(files: readonly PhoneFile[], name: string, sql: string): PhoneFile[] {
  const place = mkdtempSync(join(tmpdir(), "keepsake-limit-"));
  const path = join(place, "made.sqlite");
  const made = files.map((file) => {
    if (!file.path.endsWith(name)) return file;
    writeFileSync(path, file.content);
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
    return { ...file, content: new Uint8Array(readFileSync(path)) };
  });
  rmSync(place, { recursive: true });
  return made;
}

/** All that reading these files tells, the contents of files among it, as one text. */
async function toldOf(files: readonly PhoneFile[], account?: string): Promise<string> {
  const place = mkdtempSync(join(tmpdir(), "keepsake-limit-"));
  try {
    makeBackup(place, files);
    return await told(place, account);
  } finally {
    rmSync(place, { recursive: true });
  }
}

async function told(place: string, account?: string): Promise<string> {
  const lines: string[] = [];
  for await (const event of await eventsOf(place, account)) {
    lines.push(JSON.stringify(event));
    for (const file of filesOf(event)) if (file !== undefined) lines.push(bytesToText(await whole(file)));
  }
  return lines.join("\n");
}

async function eventsOf(place: string, account?: string): Promise<AsyncIterable<ReadEvent>> {
  return wechatIos.read(await folderSource(place), { tools: readTools(), own: account });
}

function filesOf(event: ReadEvent): readonly (SourceFile | undefined)[] {
  if (event.type === "chat") return [event.avatarFile];
  return event.type === "message" ? (event.files ?? []) : [];
}

async function whole(file: SourceFile): Promise<Bytes> {
  const pieces: Bytes[] = [];
  for await (const piece of file.open()) pieces.push(piece);
  return concatBytes(...pieces);
}

function messagesIn(text: string): Message[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith('{"type":"message"'))
    .map((line) => (JSON.parse(line) as { message: Message }).message);
}

/** That something which the phone has is not told; all else is. */
async function expectSilence(files: readonly PhoneFile[], about: string): Promise<void> {
  const text = await toldOf(files);
  expect(text).toContain("早");
  expect(text).not.toContain(about);
}

const picture = '<msg><img length="9" md5="0cc175b9c0f1b6a831c399e269772661"/></msg>';

/** Every line of `Limits` in docs/formats/wechat.md, and what shows it. */
const limits: Readonly<Record<string, () => Promise<void>>> = {
  "Of the list of sessions only names are read: not what is unread, pinned or a draft.": async () => {
    const cell = extra(`${folder}/session/data/ab/cd`, "草稿");
    await expectSilence([...weChatFiles([plain]), cell], "草稿");
  },
  "What `RevokeMsgTable` keeps of withdrawn messages is not read.": () =>
    expectSilence(
      changed(
        weChatFiles([plain]),
        "MM.sqlite",
        "CREATE TABLE RevokeMsgTable (MSG_REVOKE_COL_SVRID BIGINT, MSG_REVOKE_COL_CONTENT TEXT); INSERT INTO RevokeMsgTable VALUES (1, '说错了');",
      ),
      "说错了",
    ),
  "The log of friend requests (tables `Hello_…`) is not read.": () =>
    expectSilence(
      changed(
        weChatFiles([plain]),
        "MM.sqlite",
        `CREATE TABLE "Hello_${md5("fmessage")}" (MesLocalID INTEGER PRIMARY KEY, Message TEXT); INSERT INTO "Hello_${md5("fmessage")}" VALUES (1, '我是小周');`,
      ),
      "我是小周",
    ),
  "Of what lies beside a row (`ChatExt2_…`) only whom the message names is read.": async () => {
    const source = "<msgsource><signature>V1_abc</signature><silence>1</silence></msgsource>";
    await expectSilence(weChatFiles([phoneWith([row(1, "早", { source })])]), "V1_abc");
  },
  "Columns and tables that this page does not name are not read.": () =>
    expectSilence(
      changed(
        weChatFiles([plain]),
        "message_1.sqlite",
        `ALTER TABLE "Chat_${md5(mum)}" ADD COLUMN Translated TEXT DEFAULT 'morning'; CREATE TABLE Hologram_1 (a); INSERT INTO Hologram_1 VALUES ('morning');`,
      ),
      "morning",
    ),
  "Of a picture or video that lies there in two sizes, the larger one is kept.": async () => {
    const files = { "Img/1.pic": textToBytes("small form"), "Img/1.pic_hd": textToBytes("large form") };
    const text = await toldOf(weChatFiles([phoneWith([row(1, picture, { type: 3 })], files)]));
    expect(text).toContain("large form");
    expect(text).not.toContain("small form");
  },
  "Small pictures of items of a forwarded bundle are not kept.": async () => {
    const files = {
      "OpenData/1/a1.record_thumb": textToBytes("tiny"),
      "OpenData/1/a1.jpg": textToBytes("item"),
    };
    const list =
      '<recordinfo><datalist count="1"><dataitem datatype="2" dataid="a1"/></datalist></recordinfo>';
    const bundle = `<msg><appmsg><title>t</title><type>19</type><recorditem>${list}</recorditem></appmsg></msg>`;
    const text = await toldOf(weChatFiles([phoneWith([row(1, bundle, { type: 49 })], files)]));
    expect(text).toContain("item");
    expect(text).not.toContain("tiny");
  },
  "A file without content counts as missing.": async () => {
    const files = { "Img/1.pic": new Uint8Array() };
    const [message] = messagesIn(
      await toldOf(weChatFiles([phoneWith([row(1, picture, { type: 3 })], files)])),
    );
    expect(message?.attachments?.map(({ state }) => state)).toEqual(["missing"]);
  },
  "Stickers are known by address and digest; files of them are not looked for.": async () => {
    const sticker =
      '<msg><emoji md5="0cc175b9c0f1b6a831c399e269772661" cdnurl="http://example.org/s"/></msg>';
    const kept = extra(`${folder}/Emoticon/0cc175b9c0f1b6a831c399e269772661.pic`, "GIF89a");
    await expectSilence(
      [...weChatFiles([phoneWith([row(1, sticker, { type: 47 }), row(2, "早")])]), kept],
      "GIF89a",
    );
  },
  "Moments and other caches are not read.": async () => {
    const made = { seed: 1, messages: 30, cacheBytes: 2_000_000 };
    const place = mkdtempSync(join(tmpdir(), "keepsake-limit-"));
    writePhone(place, made);
    let bytes = 0;
    for await (const event of await eventsOf(place))
      for (const file of filesOf(event)) bytes += file?.sizeBytes ?? 0;
    rmSync(place, { recursive: true });
    expect(bytes).toBeLessThan(100_000);
  },
  "Versions that kept contacts in `MM.sqlite` say who is in a group, and not what each is called there.":
    () => {
      const options = { seed: "limits", messages: 400, chats: 20 };
      const [now, then] = (["current", "old"] as const).map((generation) =>
        imaginePhone({ ...options, generation })[0]!.chats.flatMap(({ chat }) => chat.members ?? []),
      );
      expect(now!.map(({ account }) => account)).toEqual(then!.map(({ account }) => account));
      expect(now!.some(({ title }) => title !== undefined)).toBe(true);
      expect(then!.every(({ title }) => title === undefined)).toBe(true);
      return Promise.resolve();
    },
  "Of a chat whose name nobody gives away, who sent a row that does not say so is not known.": async () => {
    const phone = { ...plain, chats: [{ userName: "wxid_nobody_knows", rows: [row(1, "还记得我吗")] }] };
    const [message] = messagesIn(await toldOf(weChatFiles([phone])));
    expect([message?.author, message?.direction]).toEqual([undefined, "in"]);
  },
  "A message that lies more than 1,024 rows away from its time comes out of order, with a finding.":
    async () => {
      const rows = Array.from({ length: 1200 }, (_, i) => row(i + 1, `第 ${i} 句`));
      const late = [...rows, row(1201, "最早的一句", { sentSeconds: at - 1000 })];
      const text = await toldOf(weChatFiles([phoneWith(late)]));
      expect(messagesIn(text)).toHaveLength(1201);
      expect(text).toContain("format.out-of-order");
    },
  "A text that is kept as bytes is read as UTF-8; where bytes are none it shows �, and they are kept beside it.":
    async () => {
      const bytes = Uint8Array.of(0xe4, 0xbd, 0xa0, 0xff);
      const [message] = messagesIn(await toldOf(weChatFiles([phoneWith([row(1, bytes)])])));
      expect([message?.body?.text, message?.raw?.base64]).toEqual(["你\ufffd", "5L2g/w=="]);
    },
  "Of a text that WeChat packed with a dictionary of its own, only what its search index and the files beside it tell is read; the packed bytes are kept.":
    async () => {
      const text = packedText("早上好，".repeat(30), true);
      const files = { "Img/2.pic": textToBytes("a picture") };
      const phone = phoneWith([row(1, text), row(2, text, { type: 3 }), row(3, text)], files);
      const words = "早上好，".repeat(30);
      const searchIndex = [{ userName: mum, number: 3, sentSeconds: at + 3, words }];
      const told = messagesIn(await toldOf(weChatFiles([{ ...phone, searchIndex }])));
      expect(told.map(({ kind, body, raw }) => [kind, body?.text, raw?.mediaType])).toEqual([
        ["unknown", undefined, "application/zstd"],
        ["image", undefined, "application/zstd"],
        ["text", words, undefined],
      ]);
      expect(told[1]?.attachments?.map(({ state }) => state)).toEqual(["present"]);
    },
  "Who sent such a text in a group is not known where the index does not say it.": async () => {
    const words = "大家早上好，".repeat(30);
    const text = packedText(`wxid_uncle:\n${words}`, true);
    const userName = "12345678901@chatroom";
    const chats = [{ userName, rows: [row(1, text), row(2, text)] }];
    const searchIndex = [words, `wxid_uncle:\n${words}`].map((said, i) => ({
      userName,
      number: i + 1,
      sentSeconds: at + i + 1,
      words: said,
    }));
    const told = messagesIn(
      await toldOf(weChatFiles([{ ...plain, contacts: [{ userName }], chats, searchIndex }])),
    );
    expect(told.map(({ author, direction, body }) => [author, direction, body?.text])).toEqual([
      [undefined, "in", words],
      ["wechat:wxid:wxid_uncle", undefined, words],
    ]);
  },
  "One account is read at a time.": async () => {
    const other = { userName: "wxid_zhao", chats: [{ userName: mum, rows: [row(1, "别人的话")] }] };
    const text = await toldOf(weChatFiles([plain, other]), own);
    expect(text).toContain("早");
    expect(text).not.toContain("别人的话");
  },
};

test("the limits are those that the page lists, no more and no less", () => {
  const page = readFileSync(new URL("../../../../docs/formats/wechat.md", import.meta.url), "utf8");
  const section = /^## Limits$([^]*?)(?=^## |(?![^]))/m.exec(page)![1]!;
  const lines = section.split("\n").filter((line) => line.startsWith("- "));
  expect(lines.map((line) => line.slice(2)).sort()).toEqual(Object.keys(limits).sort());
});

test.each(Object.keys(limits))("%s", (line) => limits[line]!());
