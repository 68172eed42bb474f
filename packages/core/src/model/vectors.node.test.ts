import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { testPrimitives } from "../../testing/primitives.ts";
import { bytesToHex } from "../base/index.ts";
import {
  canonicalBytes,
  canonicalText,
  checkMessage,
  contentDigest,
  contentText,
  fold,
  placeholder,
  recordSet,
  sameMessages,
  searchTexts,
  seenRecord,
  shownRecord,
  type Message,
} from "./index.ts";

const vectors = new URL("../../../../docs/vectors/model/", import.meta.url);

interface CanonicalVector {
  readonly name: string;
  readonly message: Message;
  readonly canonical: string;
  readonly sha256: string;
  readonly content: string;
  readonly contentSha256: string;
}

interface IdentityVector {
  readonly name: string;
  readonly records: readonly Message[];
  readonly groups: readonly { readonly records: readonly number[]; readonly shown: number }[];
}

interface ValidationVector {
  readonly name: string;
  readonly value: unknown;
  readonly message: Message;
  readonly findings: readonly unknown[];
  readonly line: string;
  readonly search: readonly unknown[];
}

const canonicalCases = cases<CanonicalVector>("canonical.json");
const identityCases = cases<IdentityVector>("identity.json");
const foldingCases = cases<{ readonly text: string; readonly folded: string }>("folding.json");
const validationCases = cases<ValidationVector>("validation.json");
const primitives = await testPrimitives();

test.each(canonicalCases)("canonical form: $name", (vector) => {
  const { message } = vector;
  expect(canonicalText(message)).toBe(vector.canonical);
  expect(bytesToHex(primitives.sha256(canonicalBytes(message)))).toBe(vector.sha256);
  expect(contentText(message)).toBe(vector.content);
  expect(contentDigest(message, primitives)).toBe(vector.contentSha256);
});

test.each(identityCases)("identity: $name", (vector) => {
  const records = vector.records.map((message, i) =>
    seenRecord(message, { source: "a", run: "1", asOf: i }, primitives),
  );
  const places = new Map(records.map((record, i) => [record.digest, i]));
  const groups = sameMessages(recordSet(records).values()).map((group) => ({
    records: group.map((record) => places.get(record.digest)),
    shown: places.get(shownRecord(group).digest),
  }));
  expect(groups).toEqual(vector.groups);
});

test.each(foldingCases)("folding: $text", ({ text, folded }) => {
  expect(fold(text)).toBe(folded);
});

test.each(validationCases)("validation: $name", ({ value, message, findings, line, search }) => {
  const checked = checkMessage(value, { chat: "x:group:1", sent: 7 });
  expect(checked).toEqual({ message, findings });
  expect(placeholder(checked.message, "en")).toBe(line);
  expect(searchTexts(checked.message)).toEqual(search);
});

function cases<T>(file: string): T[] {
  return JSON.parse(readFileSync(new URL(file, vectors), "utf8")) as T[];
}
