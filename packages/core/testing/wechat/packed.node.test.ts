import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { wechatIos } from "../../src/formats/index.ts";
import type { Message, ReadMemory, SourceFile } from "../../src/model/index.ts";
import { folderSource } from "../../src/platform/node/index.ts";
import { packTexts, writePhone, type Packing, type WeChatOptions } from "./index.ts";
import { readTools } from "./tools.ts";

const tools = readTools();

const options: WeChatOptions = {
  seed: "packed",
  messages: 1200,
  chats: 12,
  databases: 2,
  isEven: true,
  mediaBytes: 500_000,
  mediaFiles: 200,
};

interface Told {
  readonly message: Message;
  readonly files: readonly (SourceFile | undefined)[];
}

interface Reading {
  /** By chat and the source's own order. */
  readonly told: ReadonlyMap<string, Told>;
  readonly findings: ReadonlyMap<string, number>;
}

async function read(folder: string, memory?: ReadMemory): Promise<Reading> {
  const told = new Map<string, Told>();
  const findings = new Map<string, number>();
  for await (const event of wechatIos.read(await folderSource(folder), { tools, memory })) {
    if (event.type === "message")
      told.set(`${event.message.chat} ${event.message.order}`, {
        message: event.message,
        files: event.files ?? [],
      });
    if (event.type === "finding") findings.set(event.finding.code, event.finding.count ?? 1);
  }
  return { told, findings };
}

/** A phone as it was before, and after its texts were packed. */
async function beforeAndAfter(packing: Packing): Promise<{ before: Reading; after: Reading }> {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-packed-"));
  try {
    writePhone(folder, options);
    const before = await read(folder);
    packTexts(folder, options, packing);
    return { before, after: await read(folder) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What can be compared: files are known by where they lie. */
function plain([key, { message, files }]: readonly [string, Told]): object {
  return { key, message, files: files.map((file) => file?.path) };
}

const isPacked = ({ message }: Told): boolean => message.raw?.mediaType === "application/zstd";

test("what is packed without a dictionary is read as if it were not", async () => {
  const { before, after } = await beforeAndAfter({ dictionary: false });
  expect(after.findings).toEqual(new Map());
  expect([...after.told].map(plain)).toEqual([...before.told].map(plain));
});

test.each(["fts5", "fts4"] as const)(
  "texts that are packed with a dictionary come word for word from the phone's search index (%s)",
  async (index) => {
    const { before, after } = await beforeAndAfter({ dictionary: true, index, hasSenders: true });
    expect(after.told.size).toBe(before.told.size);
    // Quotes are texts too, and need more than their words.
    const texts = [...before.told].filter(
      ([
        ,
        {
          message: { kind, raw },
        },
      ]) => kind === "text" && !raw,
    );
    expect(texts.filter(([, { message }]) => (message.body?.text ?? "").length > 7).length).toBeGreaterThan(
      5,
    );
    for (const [key, told] of texts) expect(after.told.get(key)).toEqual(told);
    expect([...after.told.values()].filter(isPacked).length).toBeGreaterThan(100);
  },
);

test("of what is packed with a dictionary, all that can be known is told, and nothing else", async () => {
  const { before, after } = await beforeAndAfter({ dictionary: true, index: "fts5" });
  expect([...after.told.keys()]).toEqual([...before.told.keys()]);
  const counts = { placeholders: 0, inPart: 0 };
  for (const [key, told] of after.told) {
    const was = before.told.get(key)!;
    if (!isPacked(told)) {
      expect(plain([key, told])).toEqual(plain([key, was]));
      continue;
    }
    requireLess(told, was);
    const { kind, body } = told.message;
    counts[kind === "unknown" && body === undefined ? "placeholders" : "inPart"] += 1;
  }
  expect(counts.placeholders).toBeGreaterThan(20);
  expect(counts.inPart).toBeGreaterThan(20);
  expect(after.findings).toEqual(
    new Map([
      ["wechat.packed", counts.placeholders],
      ["wechat.packed-in-part", counts.inPart],
    ]),
  );
});

/** The same message, with nothing in it that is not so, its files and all of its packed bytes. */
function requireLess({ message, files }: Told, { message: was, files: filesBefore }: Told): void {
  const { nativeIds, order, time, chat, kind } = was;
  expect(message).toMatchObject({ ...(nativeIds && { nativeIds }), order, time, chat, fidelity: "text" });
  expect(["unknown", kind]).toContain(message.kind);
  // A card of one's own may be a notice, which only its text would tell.
  if (kind !== "system") expect([undefined, was.author]).toContain(message.author);
  if (message.kind === "text") expect(message.body).toEqual(was.body);
  if (["image", "voice", "video"].includes(message.kind))
    expect(files.map((file) => file?.path)).toEqual(filesBefore.map((file) => file?.path));
  expect(unmarked(message.raw!.base64!)).toContain(was.raw?.text ?? was.body?.text ?? "");
}

function unmarked(base64: string): string {
  const frame = Buffer.from(base64, "base64");
  const start = 5 + ((frame[4]! & 0x20) === 0 ? 1 : 0);
  frame[4] = frame[4]! & ~3;
  return zstdDecompressSync(Buffer.concat([frame.subarray(0, start), frame.subarray(start + 1)])).toString();
}
