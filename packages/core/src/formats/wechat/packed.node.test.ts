import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeBackup, type PhoneFile } from "../../../testing/apple/backup.ts";
import { packedText } from "../../../testing/wechat/backup/pack.ts";
import { weChatFiles, type PhoneRow, type PhoneWeChat } from "../../../testing/wechat/phone.ts";
import { base64Of, type Bytes } from "../../base/index.ts";
import { seenRecord, shownRecord, type Message, type ReadEvent, type ReadMemory } from "../../model/index.ts";
import { folderSource, nodePrimitives } from "../../platform/node/index.ts";
import { wechatIos } from "../index.ts";
import { readTools } from "../../../testing/wechat/tools.ts";

const tools = readTools();

const mum = "wxid_mum";
const sentSeconds = 1_700_000_000;
const words = "明天早上八点在老地方见，".repeat(8);
const packed = packedText(words, true);
const inIndex = { userName: mum, number: 1, sentSeconds, words };

function phone(text: string | Bytes, searchIndex?: PhoneWeChat["searchIndex"]): PhoneFile[] {
  const row: PhoneRow = { number: 1, server: 1n, sentSeconds, type: 1, text };
  const account: PhoneWeChat = {
    userName: "wxid_li",
    chats: [{ userName: mum, rows: [row] }],
    contacts: [{ userName: mum }],
  };
  return weChatFiles([{ ...account, ...(searchIndex && { searchIndex }) }]);
}

interface Reading {
  readonly messages: readonly Message[];
  readonly findings: string[];
}

async function read(files: readonly PhoneFile[], memory?: ReadMemory): Promise<Reading> {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-packed-"));
  try {
    makeBackup(folder, files);
    const events: ReadEvent[] = [];
    for await (const event of wechatIos.read(await folderSource(folder), { tools, memory }))
      events.push(event);
    return {
      messages: events.flatMap((event) => (event.type === "message" ? [event.message] : [])),
      findings: events.flatMap((event) => (event.type === "finding" ? [event.finding.code] : [])),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("without an index, the message and its packed bytes are there, and a finding says so", async () => {
  const { messages, findings } = await read(phone(packed));
  expect(findings).toEqual(["wechat.packed"]);
  expect(messages).toMatchObject([
    { kind: "unknown", fidelity: "text", raw: { mediaType: "application/zstd", base64: base64Of(packed) } },
  ]);
  expect(messages[0]).not.toHaveProperty("body");
});

test("words of the index that were sent at another time are of another message", async () => {
  const other = { ...inIndex, sentSeconds: sentSeconds + 1 };
  const { messages } = await read(phone(packed, [other]));
  expect(messages.map(({ kind }) => kind)).toEqual(["unknown"]);
});

test("words that are not as long as the text are shown, and the packed bytes stay beside them", async () => {
  const { messages, findings } = await read(phone(packed, [{ ...inIndex, words: "明天早上八点" }]));
  expect(findings).toEqual(["wechat.packed-in-part"]);
  expect(messages).toMatchObject([
    { kind: "text", body: { text: "明天早上八点" }, fidelity: "text", raw: { base64: base64Of(packed) } },
  ]);
});

test("an index that is broken is a finding, and everything else is read", async () => {
  const files = phone(packed, [inIndex]).map((file) =>
    file.path.endsWith("fts_message.db") ? { ...file, content: new Uint8Array(9000).fill(7) } : file,
  );
  const { messages, findings } = await read(files);
  expect(messages.map(({ kind }) => kind)).toEqual(["unknown"]);
  expect(findings.sort()).toEqual(["wechat.database-broken", "wechat.packed"]);
});

test("an index that is not needed is not opened", async () => {
  const files = phone("早", [inIndex]).map((file) =>
    file.path.endsWith("fts_message.db") ? { ...file, content: new Uint8Array(9000).fill(7) } : file,
  );
  expect((await read(files)).findings).toEqual([]);
});

test("what the phone had not put into its index yet is looked for at the next reading", async () => {
  let before: string | undefined;
  const next = async (files: readonly PhoneFile[]): Promise<Reading> => {
    const memory: ReadMemory = {
      before,
      keep: (memo) => void (before = memo),
      sha256Text: (text) => createHash("sha256").update(text).digest("hex"),
    };
    return await read(files, memory);
  };
  const waiting = phone(packed, [{ ...inIndex, number: 99 }]);
  expect((await next(waiting)).messages.map(({ kind }) => kind)).toEqual(["unknown"]);
  expect((await next(phone(packed, [inIndex]))).messages.map(({ body }) => body?.text)).toEqual([words]);
  expect((await next(phone(packed, [inIndex]))).messages).toEqual([]);
});

test("what an older backup still had as text goes before what a newer one has packed", async () => {
  const [full] = (await read(phone(words))).messages;
  const [later] = (await read(phone(packed))).messages;
  const [same] = (await read(phone(packed, [inIndex]))).messages;
  expect(same).toEqual(full);
  const seen = (message: Message, asOf: number) =>
    seenRecord(message, { source: "phone", run: "", asOf }, nodePrimitives);
  expect(shownRecord([seen(full!, 1), seen(later!, 2)]).message).toEqual(full);
  expect(later!.nativeIds).toEqual(full!.nativeIds);
});
