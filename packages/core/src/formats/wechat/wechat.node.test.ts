import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import { makeBackup, type MadeBackupOptions, type PhoneFile } from "../../../testing/apple/backup.ts";
import { md5, weChatFiles, type PhoneRow, type PhoneWeChat } from "../../../testing/wechat/phone.ts";
import { bytesToText, concatBytes, textToBytes, type Bytes } from "../../base/index.ts";
import {
  checkMessage,
  type Account,
  type Chat,
  type Message,
  type ReadEvent,
  type SourceFile,
} from "../../model/index.ts";
import { folderSource } from "../../platform/node/index.ts";
import { detectFormat, formats, wechatIos, type ReadOptions } from "../index.ts";
import { readTools } from "../../../testing/wechat/tools.ts";

const password = "备份密码";
const protection = { password, rounds: 20, firstRounds: 20 };
/** A person who has one account, and says so. */
const tools = readTools({
  password: () => Promise.resolve(password),
  chooseOwn: ({ length }) => Promise.resolve(length === 1 ? 0 : undefined),
});

const group = "12345678901@chatroom";
const picture =
  '<msg><img length="9" md5="0cc175b9c0f1b6a831c399e269772661" cdnthumbwidth="90" cdnthumbheight="120"/></msg>';
const voice = '<msg><voicemsg voicelength="2000" length="8" voiceformat="4"/></msg>';
const at = 1_700_000_000;

const li: PhoneWeChat = {
  userName: "wxid_li",
  nickname: "小李",
  contacts: [
    { userName: "wxid_mum", nickname: "兰", remark: "妈妈", avatar: textToBytes("her picture") },
    { userName: group, nickname: "一家人", members: { wxid_li: "老二", wxid_uncle: "大舅&amp;舅妈" } },
    { userName: "wxid_uncle", nickname: "大舅" },
  ],
  chats: [
    {
      userName: "wxid_mum",
      rows: [
        { number: 1, server: 2n ** 62n + 1n, sentSeconds: at, type: 1, text: "吃饭了吗" },
        { number: 2, server: 2n, sentSeconds: at + 60, isOwn: true, type: 1, text: "吃了" },
        { number: 3, server: 3n, sentSeconds: at + 120, type: 3, text: picture },
        { number: 4, server: 4n, sentSeconds: at + 121, type: 3, text: picture },
        { number: 5, server: 5n, sentSeconds: at + 180, type: 34, text: voice },
        { number: 6, sentSeconds: at + 240, type: 10000, text: "以上是打招呼的内容" },
        { number: 7, server: 7n, sentSeconds: at + 300, type: 12345, text: "<future>1</future>" },
      ],
      files: {
        "Img/3.pic": textToBytes("a picture"),
        "Img/3.pic_thum": textToBytes("thumb"),
        "Audio/5.aud": textToBytes("#!SILK_V3"),
      },
    },
    {
      userName: group,
      database: 2,
      rows: [
        {
          number: 1,
          server: 11n,
          sentSeconds: at,
          type: 1,
          text: "wxid_uncle:\n@小李 周末回来吗",
          source: "<msgsource><atuserlist>wxid_li</atuserlist></msgsource>",
        },
        { number: 2, server: 12n, sentSeconds: at + 5, type: 1, text: "wxid_left_long_ago:\n路过" },
      ],
    },
    {
      userName: "wxid_nobody_knows",
      rows: [{ number: 1, server: 21n, sentSeconds: at, type: 1, text: "还记得我吗" }],
    },
  ],
};

const kinds: readonly (readonly [string, MadeBackupOptions])[] = [
  ["plain", {}],
  ["protected", { protection }],
  ["old and protected", { isOld: true, protection }],
];

describe.each(kinds)("WeChat in a %s Apple backup", (_, made) => {
  test("is found and read: people, chats, every row, files and their states", async () => {
    const folder = backupOf(weChatFiles([li]), made);
    const source = await folderSource(folder);
    expect((await detectFormat(source, formats)).format).toBe("wechat-ios");
    const { own, chats, accounts, messages, files, findings } = await readAll(folder);
    expect(findings).toEqual([]);
    expect(own).toMatchObject({ value: "wxid_li", names: [{ value: "小李", kind: "display" }] });
    expect(new Set(chats.map(({ title, kind }) => `${title} ${kind}`))).toEqual(
      new Set(["妈妈 direct", "一家人 group", "undefined unknown"]),
    );
    expect(accounts.find(({ value }) => value === "wxid_mum")?.names).toEqual([
      { value: "妈妈", kind: "remark" },
      { value: "兰", kind: "display" },
    ]);
    const mum = messages.filter(({ chat }) => chat.includes("wxid_mum"));
    expect(chats.find(({ kind }) => kind === "group")?.members).toEqual([
      { account: "wechat:wxid:wxid_li", title: "老二" },
      { account: "wechat:wxid:wxid_uncle", title: "大舅&舅妈" },
    ]);
    expect(mum.map(({ kind }) => kind)).toEqual([
      "text",
      "text",
      "image",
      "image",
      "voice",
      "system",
      "unknown",
    ]);
    expect(mum[0]).toMatchObject({
      author: "wechat:wxid:wxid_mum",
      body: { text: "吃饭了吗" },
      nativeIds: [{ scheme: "wechat.server", value: "4611686018427387905" }],
      time: { sent: at * 1000, precision: "s", zone: "utc" },
    });
    expect(mum[1]?.author).toBe("wechat:wxid:wxid_li");
    expect(mum[6]?.raw?.text).toBe("<future>1</future>");
    expect(mum.flatMap(({ attachments = [] }) => attachments).map(({ state }) => state)).toContain("present");
    expect(new Set(files)).toEqual(new Set(["a picture", "thumb", "#!SILK_V3", "her picture"]));
    expect(mum[3]?.attachments?.[0]?.state).not.toBe("present");
    const family = messages.filter(({ chat }) => chat.includes("chatroom"));
    expect(family.map(({ author, body }) => [author, body?.text])).toEqual([
      ["wechat:wxid:wxid_uncle", "@小李 周末回来吗"],
      ["wechat:wxid:wxid_left_long_ago", "路过"],
    ]);
    expect(family[0]?.mentions).toEqual([{ account: "wechat:wxid:wxid_li" }]);
    expect(
      messages.some(
        ({ chat, body }) => chat.includes(md5("wxid_nobody_knows")) && body?.text === "还记得我吗",
      ),
    ).toBe(true);
    expect(accounts.some(({ value }) => value === "wxid_left_long_ago")).toBe(true);
  });
});

test("of several accounts one is read, the one that the person says; none if it is none of them", async () => {
  const zhao: PhoneWeChat = {
    userName: "wxid_zhao",
    chats: [{ userName: "filehelper", rows: [row(1, "备忘")] }],
  };
  const folder = backupOf(weChatFiles([li, zhao]));
  await expect(readAll(folder)).rejects.toMatchObject({ code: "format.no-account-chosen" });
  await expect(readAll(folder, { own: "wxid_else" })).rejects.toMatchObject({
    code: "format.unknown-account",
  });
  const { messages, chats } = await readAll(folder, { own: "wxid_zhao" });
  expect(messages.map(({ body }) => body?.text)).toEqual(["备忘"]);
  expect(chats.map(({ kind }) => kind)).toEqual(["unknown"]);
});

test("rows with absurd times, no text or a giant one are kept", async () => {
  const rows: PhoneRow[] = [
    row(1, "before"),
    { ...row(2, "beyond all years"), sentSeconds: 2 ** 52 },
    row(3, ""),
    { ...row(4, `<msg>${"<a>".repeat(300_000)}`), type: 49 },
    row(5, "长".repeat(9 * 1024 * 1024)),
    { ...row(6, "minus"), sentSeconds: -5 },
  ];
  const { messages } = await readAll(
    backupOf(weChatFiles([{ ...li, chats: [{ userName: "wxid_mum", rows }] }])),
  );
  expect(messages).toHaveLength(rows.length);
  for (const message of messages)
    expect(checkMessage(message, { chat: message.chat, sent: message.time.sent }).findings).toEqual([]);
});

test("a folder whose only backup has broken lists is said to be broken", async () => {
  const folder = backupOf(weChatFiles([li]));
  writeFileSync(join(folder, "Manifest.plist"), "bplist00 broken");
  await expect(detectFormat(await folderSource(folder), formats)).rejects.toMatchObject({
    code: "format.damaged",
  });
});

test("a database that is broken is a finding, and the others are read", async () => {
  const spoiled = weChatFiles([li]).map((file) =>
    file.path.endsWith("message_2.sqlite")
      ? { ...file, content: textToBytes("SQLite format 3\0 no more") }
      : file,
  );
  const { messages, findings } = await readAll(backupOf(spoiled));
  expect(findings).toEqual(["wechat.database-broken"]);
  expect(messages).toHaveLength(8);
});

test("what lies in a database's log and not yet in itself is read", async () => {
  const folder = newFolder();
  const files = weChatFiles([li]).flatMap((file) => {
    if (!file.path.endsWith("message_1.sqlite")) return [file];
    const path = join(folder, "made.sqlite");
    writeFileSync(path, file.content);
    const database = new DatabaseSync(path);
    const columns = "(CreateTime, Des, MesLocalID, Message, MesSvrID, Type)";
    database.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0");
    database.exec(
      `INSERT INTO "Chat_${md5("wxid_mum")}" ${columns} VALUES (${at + 999}, 1, 99, '只在日志里', 99, 1)`,
    );
    const [main, wal] = [path, `${path}-wal`].map((each) => new Uint8Array(readFileSync(each)));
    database.close();
    return [
      { ...file, content: main! },
      { ...file, path: `${file.path}-wal`, content: wal! },
    ];
  });
  for (const options of [{}, { protection }]) {
    const { messages } = await readAll(backupOf(files, options));
    expect(messages.some(({ body }) => body?.text === "只在日志里")).toBe(true);
    expect(messages).toHaveLength(11);
  }
});

test("damage amid a database costs the rows that lie there: those before it and all other chats are read", async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => row(i + 1, `句 ${i}`, at + i));
  const chats = [...li.chats, { userName: "wxid_uncle", database: 3, rows }];
  const spoiled = weChatFiles([{ ...li, chats }]).map((file) => {
    if (!file.path.endsWith("message_3.sqlite")) return file;
    const content = file.content.slice();
    content.fill(0xff, content.length >> 1, (content.length >> 1) + 8192);
    return { ...file, content };
  });
  const { messages, findings } = await readAll(backupOf(spoiled));
  expect(findings).toEqual(["wechat.table-broken"]);
  const uncle = messages.filter(({ chat }) => chat.includes("wxid_uncle"));
  expect(uncle.length).toBeGreaterThan(1000);
  expect(uncle.map(({ body }) => body?.text)).toEqual(rows.slice(0, uncle.length).map(({ text }) => text));
  expect(messages.length - uncle.length).toBe(10);
});

test("of a chat whose name nobody gives away no sender is made up", async () => {
  const rows = [row(1, "wxid_sender:\n群里的话"), row(2, "没有发送者"), { ...row(3, "我的"), isOwn: true }];
  const { messages } = await readAll(
    backupOf(weChatFiles([{ ...li, chats: [{ userName: "lost@chatroom", rows }] }])),
  );
  expect(messages.map(({ author, direction, body }) => [author, direction, body?.text])).toEqual([
    ["wechat:wxid:wxid_sender", undefined, "群里的话"],
    [undefined, "in", "没有发送者"],
    ["wechat:wxid:wxid_li", undefined, "我的"],
  ]);
});

test("messages of one chat in two databases come in their order", async () => {
  const later = Array.from({ length: 50 }, (_, i) => row(i + 1, `later ${i}`, at + 1000 + i));
  const earlier = Array.from({ length: 50 }, (_, i) => row(i + 1, `earlier ${i}`, at + i));
  const chats = [later, earlier].map((rows, i) => ({ userName: "wxid_mum", database: i + 1, rows }));
  const { messages, findings } = await readAll(backupOf(weChatFiles([{ ...li, chats }])));
  expect(messages.map(({ body }) => body?.text)).toEqual([...earlier, ...later].map(({ text }) => text));
  expect(findings).toEqual([]);
});

test("of several backups the newest finished one is read, and nothing in any of them changes", async () => {
  const root = newFolder();
  for (const [name, state] of [
    ["a", "finished"],
    ["b", "new"],
  ] as const)
    makeBackup(join(root, name), weChatFiles([li]), { snapshotState: state });
  const before = contents(root);
  const { findings, messages } = await readAll(root);
  expect(findings).toEqual(["wechat.unfinished-backup"]);
  expect(messages).toHaveLength(10);
  expect(contents(root)).toEqual(before);
  writeFileSync(join(root, "a", "Manifest.plist"), "broken");
  await expect(readAll(root)).rejects.toMatchObject({ code: "format.unfinished" });
});

function row(number: number, text: string, sentSeconds = at): PhoneRow {
  return { number, server: BigInt(number) + BigInt(sentSeconds) * 1000n, sentSeconds, type: 1, text };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-wechat-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function backupOf(files: readonly PhoneFile[], options: MadeBackupOptions = {}): string {
  const folder = newFolder();
  makeBackup(folder, files, options);
  return folder;
}

async function readAll(folder: string, options: ReadOptions = {}) {
  const [chats, accounts, messages]: [Chat[], Account[], Message[]] = [[], [], []];
  const [findings, files]: [string[], string[]] = [[], []];
  let own: Account | undefined;
  for await (const event of wechatIos.read(await folderSource(folder), { ...options, tools })) {
    if (event.type === "source") own = event.source.own;
    if (event.type === "chat") chats.push(event.chat);
    if (event.type === "account") accounts.push(event.account);
    if (event.type === "finding") findings.push(event.finding.code);
    if (event.type === "message") messages.push(event.message);
    for (const file of filesOf(event)) files.push(bytesToText(await whole(file)));
  }
  return { own, chats, accounts, messages, findings, files };
}

function filesOf(event: ReadEvent): SourceFile[] {
  if (event.type === "chat") return event.avatarFile === undefined ? [] : [event.avatarFile];
  return event.type === "message" ? (event.files ?? []).filter((file) => file !== undefined) : [];
}

async function whole(file: SourceFile): Promise<Bytes> {
  const pieces: Bytes[] = [];
  for await (const piece of file.open()) pieces.push(piece);
  return concatBytes(...pieces);
}

function contents(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name} ${readFileSync(join(entry.parentPath, entry.name)).toString("base64")}`)
    .sort();
}
