import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeBackup } from "../packages/core/testing/apple/backup.ts";
import { weChatFiles, type PhoneWeChat } from "../packages/core/testing/wechat/phone.ts";
import { newMachine, type Machine } from "./cli-process.ts";

const password = "备份密码 42";
const mum = "wxid_mum";
const phone: PhoneWeChat = {
  userName: "wxid_li",
  nickname: "小李",
  contacts: [{ userName: mum, nickname: "兰", remark: "妈妈" }],
  chats: [
    {
      userName: mum,
      rows: Array.from({ length: 400 }, (_, i) => ({
        number: i + 1,
        server: BigInt(i + 1),
        sentSeconds: 1_700_000_000 + i,
        isOwn: i % 3 === 0,
        type: 1,
        text: `第 ${i} 句`,
      })),
    },
  ],
};

let machine: Machine & AsyncDisposable;
beforeEach(async () => {
  machine = await newMachine();
  await machine.run(["init", "vault", "--kit-file", "kit.txt"]);
});
afterEach(async () => machine[Symbol.asyncDispose]());

test("a phone's protected backup goes into the vault with its own password, which is said nowhere", async () => {
  const protection = { password, rounds: 50, firstRounds: 50 };
  await mkdir(machine.path("Backup"));
  makeBackup(machine.path("Backup", "00008120-1"), weChatFiles([phone]), { protection });
  const me = ["--me", "wxid_li"];
  const none = await machine.json(["backup", "Backup", ...me]);
  expect(none.result).toMatchObject({ ok: false, code: "format.password-needed", exit: 12 });
  await writeFile(machine.path("wrong.txt"), "1234\n");
  const wrong = await machine.json(["backup", "Backup", "--backup-password-file", "wrong.txt", ...me]);
  expect(wrong.result).toMatchObject({ ok: false, code: "format.wrong-password", exit: 12 });
  await writeFile(machine.path("right.txt"), `${password}\n`);
  const right = await machine.run(["backup", "Backup", "--backup-password-file", "right.txt", ...me]);
  expect(right.stderr).toMatch(/400 messages in 1 chats were read: 400 are new/u);
  expect(right.stdout + right.stderr).not.toContain(password);
  const found = await machine.json(["search", "第 77 句"]);
  expect(found.events.filter(({ type }) => type === "hit")).toHaveLength(1);
});

test("the same phone, backed up without protection later, adds only what is new", async () => {
  makeBackup(machine.path("first"), weChatFiles([phone]));
  const asked = await machine.run(["backup", "first", "--name", "iPhone"]);
  expect(asked.stderr).toContain("小李 (wxid_li)");
  const how = ["--name", "iPhone", "--me", "wxid_li"];
  await machine.run(["backup", "first", ...how]);
  const [chat] = phone.chats;
  const next = { number: 401, server: 401n, sentSeconds: 1_700_001_000, type: 1, text: "新的一句" };
  makeBackup(
    machine.path("second"),
    weChatFiles([{ ...phone, chats: [{ ...chat!, rows: [...chat!.rows, next] }] }]),
  );
  const again = await machine.json(["backup", "second", ...how]);
  expect(again.result).toMatchObject({ ok: true, messages: 401, added: 1 });
});

test("what was withdrawn shows as withdrawn everywhere, whatever an earlier backup still holds", async () => {
  const how = ["--name", "iPhone", "--me", "wxid_li"];
  makeBackup(machine.path("first"), weChatFiles([phone]));
  await machine.run(["backup", "first", ...how]);
  expect((await machine.run(["search", "第 7 句"])).stdout).toContain("第 7 句");
  const [chat] = phone.chats;
  // The phone writes over the row, and keeps the server's number.
  const rows = chat!.rows.map((row) =>
    row.text === "第 7 句" ? { ...row, type: 10000, text: '"妈妈" 撤回了一条消息' } : row,
  );
  makeBackup(machine.path("second"), weChatFiles([{ ...phone, chats: [{ ...chat!, rows }] }]));
  const again = await machine.json(["backup", "second", ...how]);
  expect(again.result).toMatchObject({ ok: true, added: 1 });
  const found = await machine.json(["search", "第 7 句"]);
  expect(found.events.filter(({ type }) => type === "hit")).toEqual([]);
  const shown = await machine.run(["show", "妈妈"]);
  expect(shown.stdout).not.toContain("第 7 句");
  const opened = ["show", "妈妈", "--limit", "500", "--earlier"];
  expect((await machine.json(opened)).result).toMatchObject({ code: "cli.not-confirmed" });
  expect((await machine.run([...opened, "--yes"])).stdout).toMatch(/earlier, as of [-\d]+: .*第 7 句/);
  await machine.run(["export", "out", "--format", "chatlab"]);
  expect(await textIn("out")).toContain("第 8 句");
  expect(await textIn("out")).not.toContain("第 7 句");
  await machine.run(["restore", "all"]);
  expect(await textIn("all")).toContain("第 8 句");
  expect(await textIn("all")).not.toContain("第 7 句");
});

/** What a phone shows of a chat that is 500 messages long in all: it numbers its rows anew. */
function phoneWith(first: number, last: number, pictures: readonly number[]): PhoneWeChat {
  const rows = Array.from({ length: last - first }, (_, place) => {
    const i = first + place;
    const isPicture = i % 100 === 50;
    return {
      number: place + 1,
      // Notices are made on the phone, and the server has no number for them.
      server: i % 40 === 0 ? 0n : BigInt(i + 1),
      sentSeconds: 1_700_000_000 + i * 60,
      isOwn: i % 3 === 0,
      type: i % 40 === 0 ? 10000 : isPicture ? 3 : 1,
      text: isPicture ? '<msg><img length="9"/></msg>' : `第 ${i} 句`,
    };
  });
  const files = rows.flatMap(({ number, sentSeconds }) => {
    const i = (sentSeconds - 1_700_000_000) / 60;
    return pictures.includes(i)
      ? [[`Img/${number}.pic`, new TextEncoder().encode(`picture ${i}`)] as const]
      : [];
  });
  return { ...phone, chats: [{ userName: mum, rows, files: Object.fromEntries(files) }] };
}

test.each([
  ["the old phone first", ["old", "new"]],
  ["the old phone's backup found later", ["new", "old"]],
])("two phones with overlapping years are one history, %s", async (_, order) => {
  const phones = { old: phoneWith(0, 300, [50, 150, 250]), new: phoneWith(200, 500, [450]) };
  for (const name of order) {
    makeBackup(machine.path(name), weChatFiles([phones[name as "old" | "new"]]));
    const stored = await machine.json(["backup", name, "--name", `${name} phone`, "--me", "wxid_li"]);
    expect(stored.result).toMatchObject({ ok: true, isShrunk: false });
  }
  const shown = await machine.json(["show", "妈妈", "--limit", "1000"]);
  const messages = shown.events.filter(({ type }) => type === "message");
  expect(messages).toHaveLength(500);
  expect(new Set(messages.map((message) => JSON.stringify(message["time"]))).size).toBe(500);
  // The picture of the overlap lay on the old phone alone: the fuller version is the one that is shown.
  const restored = await machine.json(["restore", "all"]);
  expect(restored.result).toMatchObject({ ok: true, counts: { messages: 500, attachments: 4 } });
  const sources = await machine.json(["sources"]);
  expect(sources.events.filter(({ type }) => type === "source").map(({ name }) => name)).toEqual(
    order.map((name) => `${name} phone`),
  );
});

async function textIn(folder: string): Promise<string> {
  const entries = await readdir(machine.path(folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("\n");
}
