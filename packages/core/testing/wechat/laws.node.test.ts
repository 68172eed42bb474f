import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { concatBytes, type Bytes } from "../../src/base/index.ts";
import { wechatIos } from "../../src/formats/index.ts";
import {
  checkMessage,
  compareMessages,
  type Account,
  type Chat,
  type Message,
  type SourceFile,
} from "../../src/model/index.ts";
import { folderSource } from "../../src/platform/node/index.ts";
import {
  dayLater,
  imaginePhone,
  sha256Of,
  writePhone,
  type ImaginedAccount,
  type WeChatOptions,
} from "./index.ts";
import { readTools } from "./tools.ts";

const protection = { password: "备份密码", rounds: 10, firstRounds: 10 };
const tools = readTools({
  password: () => Promise.resolve(protection.password),
  chooseOwn: () => Promise.resolve(undefined),
});

interface Told {
  readonly message: Message;
  readonly files: readonly (SourceFile | undefined)[];
}

/** What the reader gives of one account. */
async function readAccount(folder: string, own: string) {
  const accounts = new Map<string, Account>();
  const chats = new Map<string, { chat: Chat; avatar: SourceFile | undefined; told: Told[] }>();
  const findings: string[] = [];
  let ownAccount: Account | undefined;
  let told: Told[] = [];
  for await (const event of wechatIos.read(await folderSource(folder), { own, tools })) {
    if (event.type === "source") ownAccount = event.source.own;
    if (event.type === "account") accounts.set(event.account.id, event.account);
    if (event.type === "finding") findings.push(event.finding.code);
    if (event.type === "chat")
      chats.set(event.chat.id, { chat: event.chat, avatar: event.avatarFile, told: (told = []) });
    if (event.type !== "message") continue;
    expect(told.length === 0 || compareMessages(told.at(-1)!.message, event.message) <= 0).toBe(true);
    if (event.message.author !== undefined) expect(accounts.has(event.message.author)).toBe(true);
    told.push({ message: event.message, files: event.files ?? [] });
  }
  return { own: ownAccount, accounts, chats, findings };
}

async function whole(file: SourceFile): Promise<Bytes> {
  const pieces: Bytes[] = [];
  for await (const piece of file.open()) pieces.push(piece);
  return concatBytes(...pieces);
}

async function sha256(file: SourceFile): Promise<string> {
  return createHash("sha256")
    .update(await whole(file))
    .digest("hex");
}

/** Message by message, file by file, name by name. */
async function requireAsImagined(folder: string, imagined: ImaginedAccount): Promise<number> {
  const read = await readAccount(folder, imagined.own.value);
  expect(read.findings).toEqual([]);
  expect(read.own).toEqual(imagined.own);
  expect([...read.chats.keys()].sort()).toEqual(imagined.chats.map(({ chat }) => chat.id).sort());
  for (const account of read.accounts.values())
    if (account.id !== imagined.own.id) {
      const { id, platform, kind, value } = account;
      expect(account).toEqual(imagined.people.get(id) ?? { id, platform, kind, value });
    }
  let messages = 0;
  for (const { chat, avatar, ...rows } of imagined.chats) {
    const found = read.chats.get(chat.id)!;
    expect(found.chat).toEqual(chat);
    expect(found.avatar && (await whole(found.avatar))).toEqual(avatar);
    const expected = [...rows.messages()].sort((a, b) => compareMessages(a.message, b.message));
    expect(found.told).toHaveLength(expected.length);
    for (const [i, { message, files }] of found.told.entries()) {
      const { message: said, contents } = expected[i]!;
      expect(message).toEqual(said);
      expect(checkMessage(message, { chat: chat.id, sent: said.time.sent }).findings).toEqual([]);
      const digests: (string | undefined)[] = [];
      for (const n of contents.keys()) digests.push(files[n] && (await sha256(files[n])));
      expect(digests).toEqual(contents.map((content) => content && sha256Of(content)));
    }
    messages += expected.length;
  }
  return messages;
}

const options: WeChatOptions = {
  seed: "laws",
  messages: 1500,
  chats: 40,
  accounts: 3,
  databases: 3,
  isEven: true,
  mediaBytes: 2_000_000,
  mediaFiles: 300,
  cacheBytes: 500_000,
};

async function withPhone(made: WeChatOptions, use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-laws-"));
  try {
    writePhone(folder, made);
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.each(["current", "old", "future"] as const)("a phone of the %s generation", (generation) => {
  test.each([
    ["plain", undefined],
    ["protected", protection],
  ])("in a backup that is %s is read as it was imagined, and so is a day later", async (_, protect) => {
    const made = { ...options, generation, ...(protect !== undefined && { protection: protect }) };
    await withPhone(made, async (folder) => {
      let messages = 0;
      for (const account of imaginePhone(made)) messages += await requireAsImagined(folder, account);
      expect(messages).toBe(options.messages);
      dayLater(folder, made);
      for (const account of imaginePhone(made, { isLater: true })) await requireAsImagined(folder, account);
    });
  });
});

test("the measured mix, and ten messages alone, are read as imagined", async () => {
  for (const messages of [10, 3000]) {
    const made = { seed: "mix", messages, mediaBytes: 300_000 };
    await withPhone(made, async (folder) => {
      expect(await requireAsImagined(folder, imaginePhone(made)[0]!)).toBe(messages);
    });
  }
});
