import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { readHoldings, rowTexts, type Holdings } from "../../testing/golden/read-all.ts";
import { liveGoldenStory } from "../../testing/golden/story.ts";
import { folderStore } from "../platform/node/folder-store.ts";
import { nodePrimitives } from "../platform/node/index.ts";
import { newestSnapshot, openVault, type Secret, type Vault } from "../vault/index.ts";
import { check } from "./care/check.ts";
import { forgetMessages, planForgetMessages } from "./care/forget-messages.ts";
import { loadHistory } from "./state/state.ts";

const primitives = nodePrimitives;
const golden = fileURLToPath(new URL("../../testing/golden/", import.meta.url));
const decoder = fileURLToPath(new URL("../../../../decoder/keepsake_decode.py", import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), "keepsake-golden-"));
const clock = { now: () => Date.UTC(2026, 11, 1) };
const line = (name: string): string => readFileSync(join(golden, name), "utf8").trim();

afterAll(() => rmSync(temporary, { recursive: true }));

async function open(secret: Secret): Promise<Vault> {
  const store = folderStore(join(golden, "vault-1"));
  return (await openVault({ primitives, store, clock, secret })).vault;
}

describe("the golden vault of format 1", () => {
  const expected = JSON.parse(line("expected.json")) as Holdings;

  for (const kind of ["words", "password"] as const) {
    test(`opens by ${kind} and gives everything back`, async () => {
      const secret = line(`${kind}.txt`);
      const vault = await open(kind === "words" ? { kind, words: secret } : { kind, password: secret });
      expect(await readHoldings(vault)).toEqual(expected);
    });
  }

  test("is found whole, to the last byte", async () => {
    const vault = await open({ kind: "words", words: line("words.txt") });
    const history = await loadHistory(vault, await newestSnapshot(vault));
    expect((await check(history, { level: "full" })).damages).toEqual([]);
  });
});

const python = "/usr/bin/python3";
const hasPython = spawnSync(python, ["-c", "import cryptography, zstandard"]).status === 0;

test("python3-cryptography and python3-zstandard are there for the independent decoder, or it is said", () => {
  if (!hasPython) process.stderr.write("\nNOT RUN: the independent decoder (needs Debian's two packages)\n");
  expect(hasPython || process.env["CI"] === undefined).toBe(true);
});

test("the independent decoder is at most 300 lines in all, none of them long", () => {
  const folder = dirname(decoder);
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith(".py"))
    .sort();
  const lines = sources.flatMap((name) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n"));
  expect(sources).toEqual(["keepsake_decode.py", "xwing.py"]);
  expect(lines.length).toBeLessThanOrEqual(300);
  expect(lines.filter((each) => each.length > 110)).toEqual([]);
});

interface Decoded {
  readonly chats: Map<string, string[]>;
  readonly attachments: string[];
}

function decode(vault: string, words: string, out: string): Decoded {
  execFileSync(python, ["-B", decoder, vault, out], { input: words });
  const summary = JSON.parse(readFileSync(join(out, "summary.json"), "utf8")) as {
    readonly chats: readonly { readonly id: string; readonly kind: string; readonly name: string }[];
  };
  const chats = summary.chats.filter(({ kind }) => kind === "chat");
  const linesOf = (id: string): string[] =>
    readFileSync(join(out, "chats", id, "messages.jsonl"), "utf8")
      .split("\n")
      .slice(0, -1);
  const attachments = readdirSync(join(out, "attachments")).sort();
  for (const sha256 of attachments) {
    const content = new Uint8Array(readFileSync(join(out, "attachments", sha256)));
    expect(primitives.sha256(content)).toEqual(new Uint8Array(Buffer.from(sha256, "hex")));
  }
  return { chats: new Map(chats.map(({ id, name }) => [name, linesOf(id)])), attachments };
}

describe.runIf(hasPython)("the independent decoder", () => {
  test("reads the golden vault as we do, byte for byte", async () => {
    const words = line("words.txt");
    const decoded = decode(join(golden, "vault-1"), words, join(temporary, "golden"));
    expect(sorted(decoded.chats)).toEqual(sorted(await rowTexts(await open({ kind: "words", words }))));
    expect(decoded.attachments).toEqual((JSON.parse(line("expected.json")) as Holdings).attachments);
  });

  test("reads a vault that was made just now as we do", async () => {
    const folder = mkdtempSync(join(temporary, "fresh-"));
    const { vault, words } = await liveGoldenStory(primitives, folderStore(folder));
    const history = await loadHistory(vault, await newestSnapshot(vault));
    const { rule, chats } = await planForgetMessages(history, { kinds: ["text", "image"] });
    expect(chats.length).toBeGreaterThan(2);
    await forgetMessages(history, rule);
    const decoded = decode(folder, words.join("\n"), join(temporary, "fresh"));
    expect(sorted(decoded.chats)).toEqual(sorted(await rowTexts(vault)));
    expect(decoded.attachments).toEqual((await readHoldings(vault)).attachments);
  });

  test("refuses wrong words, and packs in which a bit is another", () => {
    const wrong = spawnSync(python, ["-B", decoder, join(golden, "vault-1"), join(temporary, "wrong")], {
      input: `${"abandon ".repeat(23)}art`,
    });
    expect(wrong.status).toBe(1);
    expect(wrong.stderr.toString()).toBe("refused: no slot document opens with these words\n");
    const damaged = join(temporary, "damaged");
    cpSync(join(golden, "vault-1"), damaged, { recursive: true });
    for (const name of readdirSync(join(damaged, "packs"))) {
      const path = join(damaged, "packs", name);
      const bytes = readFileSync(path);
      bytes[100]! ^= 1;
      writeFileSync(path, bytes);
    }
    const out = join(temporary, "of damaged");
    const run = spawnSync(python, ["-B", decoder, damaged, out], { input: line("words.txt") });
    expect(run.status).toBe(1);
    expect(run.stderr.toString()).toMatch(/^refused: /);
  });
});

const sorted = (chats: Map<string, string[]>): [string, string[]][] =>
  [...chats].sort(([a], [b]) => (a < b ? -1 : 1));
