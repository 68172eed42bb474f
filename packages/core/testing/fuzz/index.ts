import { textToBytes, type Bytes, type Primitives } from "../../src/base/index.ts";
import { chatlab, jsonl, telegram } from "../../src/formats/index.ts";
import { encodeTable } from "../../src/vault/table/index.ts";
import { historyEvents } from "../history/index.ts";
import { appleSubjects } from "./apple.ts";
import { mediaSubjects } from "./media.ts";
import { modelSubject, readerSubject, tableSubject, type Subject } from "./subjects.ts";
import { weChatSubjects } from "./wechat.ts";
import { zipSubject } from "./zip.ts";

export { fuzz } from "./fuzz.ts";
export { type Subject } from "./subjects.ts";

/** Fixtures by their place below `formats/`, such as `telegram/fixtures/valid/full.json`. */
export type Fixtures = ReadonlyMap<string, Bytes>;

/** Seeds longer than this slow everything down and find no more. */
const longestSeed = 4096;

/** Everything that takes bytes from strangers, with seeds of the fixtures of formats. */
export function subjects(fixtures: Fixtures, primitives: Primitives): readonly Subject[] {
  const of = (format: string, ending: string): Bytes[] =>
    [...fixtures]
      .filter(([path]) => path.startsWith(`${format}/fixtures/`) && path.endsWith(ending))
      .flatMap(([path, bytes]) => (path.endsWith(".jsonl") ? pieces(bytes) : smallDocuments(bytes)));
  const messages = made();
  return [
    readerSubject(telegram, "result.json", { seeds: of("telegram", ".json"), primitives }),
    readerSubject(chatlab, "chat.json", { seeds: of("chatlab", ".json"), primitives }),
    readerSubject(chatlab, "chat.jsonl", { seeds: of("chatlab", ".jsonl"), primitives }),
    readerSubject(jsonl, "history.jsonl", { seeds: of("jsonl", ".jsonl"), primitives }),
    modelSubject(messages.map((message) => textToBytes(JSON.stringify(message)))),
    tableSubject(tables(messages)),
    ...appleSubjects(),
    ...weChatSubjects(),
    ...mediaSubjects(),
    zipSubject(),
  ];
}

/** A document as it is if it is short; else one for every message in it, with the same frame. */
function smallDocuments(bytes: Bytes): Bytes[] {
  if (bytes.length <= longestSeed) return [bytes];
  const document = parsed(bytes);
  if (document === undefined) return [bytes.slice(0, longestSeed)];
  const chats = document.chats?.list ?? [document];
  return chats.flatMap((chat) =>
    (chat.messages ?? []).map((message) => textToBytes(JSON.stringify({ ...chat, messages: [message] }))),
  );
}

interface Document {
  readonly messages?: readonly object[];
  readonly chats?: { readonly list: readonly Document[] };
}

function parsed(bytes: Bytes): Document | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes).replaceAll("\\x", "\\u00")) as Document;
  } catch {
    return undefined;
  }
}

/** Lines after the header of a seed: enough that most changes leave the header alone. */
const linesOfSeed = 8;

/** The header of a file of lines with a few of its lines each. */
function pieces(bytes: Bytes): Bytes[] {
  const lines = new TextDecoder().decode(bytes).split("\n");
  const [header = "", ...rest] = lines.filter((line) => !line.startsWith("#"));
  const found: Bytes[] = [];
  for (let at = 0; at < rest.length; at += linesOfSeed)
    found.push(textToBytes([header, ...rest.slice(at, at + linesOfSeed)].join("\n") + "\n"));
  return found;
}

function made(): object[] {
  const messages: object[] = [];
  for (const event of historyEvents({ seed: 1, messages: 60 }))
    if (event.type === "message") messages.push(event.message);
  return messages;
}

function tables(messages: readonly object[]): Bytes[] {
  const seeds: Bytes[] = [];
  for (let at = 0; at < messages.length; at += 6) {
    const rows = messages.slice(at, at + 6);
    const [head, texts] = encodeTable(rows, (path) => (path.at(-1) === "body" ? 1 : undefined), 2);
    const bytes = new Uint8Array(2 + head!.bytes.length + texts!.bytes.length);
    bytes.set([head!.bytes.length >> 8, head!.bytes.length & 0xff]);
    bytes.set(head!.bytes, 2);
    bytes.set(texts!.bytes, 2 + head!.bytes.length);
    seeds.push(bytes);
  }
  return seeds;
}
