import { readdir, readFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeBackup } from "../packages/core/testing/apple/backup.ts";
import { weChatFiles, type PhoneRow, type PhoneWeChat } from "../packages/core/testing/wechat/phone.ts";
import { textToBytes, type Bytes } from "../packages/core/src/base/index.ts";
import { sample, silkVoice, wxgfOf } from "../packages/core/src/media/fixtures/made.ts";
import { newMachine, type Machine } from "./cli-process.ts";

let machine: Machine & AsyncDisposable;
let media: Readonly<Record<string, Bytes>>;

const voice = '<msg><voicemsg endflag="1" voiceformat="4" voicelength="1000" length="1" bufid="0" /></msg>';
const image = '<msg><img cdnthumbwidth="90" cdnthumbheight="120" length="1" /></msg>';

function phone(): PhoneWeChat {
  const row = (number: number, type: number, text: string): PhoneRow => ({
    number,
    server: BigInt(number),
    sentSeconds: 1_700_000_000 + number,
    type,
    text,
  });
  const rows = [
    row(1, 34, voice),
    row(2, 34, voice),
    row(3, 34, voice),
    row(4, 3, image),
    row(5, 3, image),
    row(6, 1, "看图"),
  ];
  return {
    userName: "wxid_li",
    nickname: "小李",
    contacts: [{ userName: "wxid_mum", nickname: "兰" }],
    chats: [{ userName: "wxid_mum", rows, files: media }],
  };
}

beforeEach(async () => {
  media = {
    "Audio/1.aud": await silkVoice(1000),
    "Audio/2.aud": sample("amr"),
    "Audio/3.aud": textToBytes("\u0002#!SILK_V3"),
    "Img/4.pic": wxgfOf(sample("picture")),
    "Img/5.pic": new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]),
  };
  machine = await newMachine();
  await machine.run(["init", "vault", "--kit-file", "kit.txt"]);
  makeBackup(machine.path("phone"), weChatFiles([phone()]));
  await machine.run(["backup", "phone", "--me", "wxid_li"]);
});
afterEach(async () => machine[Symbol.asyncDispose]());

/** What lies in a folder, as one letter a byte, by path. */
async function filesIn(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(machine.path(folder), { recursive: true, withFileTypes: true });
  const files = new Map<string, string>();
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = `${entry.parentPath}/${entry.name}`;
    files.set(path.slice(machine.path(folder).length + 1), await readFile(path, "latin1"));
  }
  return files;
}

test.each([
  ["export", ["export", "out", "--format", "telegram"]],
  ["export in our own format", ["export", "out", "--format", "jsonl"]],
  ["restore", ["restore", "out"]],
])("%s --playable writes what any program opens beside what only WeChat does", async (_, command) => {
  const said = await machine.json([...command, "--playable"]);
  expect(said.result).toMatchObject({ ok: true, playable: { made: 3, kept: 1 } });
  expect(said.events.filter(({ type }) => type === "finding")).toMatchObject([
    { code: "media.damaged", severity: "warning", count: 1 },
  ]);
  const files = await filesIn("out");
  const contents = [...files.values()];
  for (const original of Object.values(media))
    expect(contents).toContain(Buffer.from(original).toString("latin1"));
  const made = [...files].filter(([path]) => /\.(?:wav|png)$/.test(path));
  expect(made.map(([, content]) => content.slice(0, 4)).toSorted()).toEqual(["RIFF", "RIFF", "\x89PNG"]);
  for (const [path] of made) expect(files.has(path.slice(0, path.lastIndexOf(".")))).toBe(true);
  expect(made.map(([, content]) => content.length).filter((length) => length > 10_000)).toEqual(
    expect.arrayContaining([44 + 48_000, 44 + 19_200]),
  );
});

test("without --playable nothing is made, and what was made is no part of a history that is read back", async () => {
  const plain = await machine.json(["restore", "plain"]);
  expect(plain.result).not.toHaveProperty("playable");
  const without = await filesIn("plain");
  expect([...without.keys()].filter((path) => /\.(?:wav|png)$/.test(path))).toEqual([]);
  await machine.run(["restore", "more", "--playable"]);
  await machine.run(["init", "second", "--kit-file", "second.txt"]);
  const again = await machine.json(["backup", "more", "--store", "second"]);
  expect(again.result).toMatchObject({ ok: true, messages: 6 });
  const proof = again.events.filter(({ type }) => type === "proof");
  expect(proof).toMatchObject([{ messages: 6, attachments: 5 }]);
});

test("a person is told in words", async () => {
  const { stderr, exit } = await machine.run(["export", "out", "--format", "telegram", "--playable"]);
  expect(exit).toBe(0);
  expect(stderr).toContain("3 voices and pictures, each beside its original");
  expect(stderr).toContain("1 voices or pictures could not be written so; their originals are there.");
});
