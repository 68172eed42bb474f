import { expect, test } from "vitest";
import { concatBytes, textToBytes, type Bytes } from "../../../../base/index.ts";
import { readMmkv } from "./mmkv.ts";

const sized = (bytes: Bytes): Bytes => concatBytes(new Uint8Array([bytes.length]), bytes);
const entry = (key: string, value: Bytes): Bytes => concatBytes(sized(textToBytes(key)), sized(value));
const text = (value: string): Bytes => sized(textToBytes(value));

function fileOf(size: number, ...entries: readonly Bytes[]): Bytes {
  return concatBytes(new Uint8Array([size, 0, 0, 0, 255, 255, 255, 7]), ...entries, new Uint8Array(50));
}

const entries = [
  entry("88", text("以前")),
  entry("86", text("wxid_li")),
  entry("n", new Uint8Array([200, 1])),
  entry("88", text("小李")),
];
const length = 4 + concatBytes(...entries).length;

test("of a key that was written twice the last text counts, and what is no text is left out", () => {
  const texts = readMmkv(fileOf(length, ...entries), undefined);
  expect([...texts]).toEqual([
    ["88", "小李"],
    ["86", "wxid_li"],
  ]);
});

test("a key that was given up is no more there", () => {
  const more = [...entries, entry("86", new Uint8Array())];
  expect(readMmkv(fileOf(length + 4, ...more), undefined).has("86")).toBe(false);
});

test("the size comes from the file beside it where the file itself does not say it", () => {
  const checks = new Uint8Array(64);
  checks[32] = length;
  expect(readMmkv(fileOf(0, ...entries), checks).get("88")).toBe("小李");
  expect(readMmkv(fileOf(0, ...entries), undefined).size).toBe(0);
});

test("a file that ends too early gives what stands before its end", () => {
  const whole = fileOf(length, ...entries);
  for (let cut = 0; cut < 30; cut++) readMmkv(whole.subarray(0, cut), undefined);
  expect(readMmkv(whole.subarray(0, 30), undefined).get("88")).toBe("以前");
});
