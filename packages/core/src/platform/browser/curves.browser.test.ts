import { afterEach, expect, test, vi } from "vitest";
import { textToBytes, type Bytes } from "../../base/index.ts";
import { chosenCurves } from "./curves.ts";
import { curvesInCode } from "./curves-in-code.ts";
import { isNative, nativeCurves } from "./native-curves.ts";

const message = textToBytes("kept");

function someSeed(): Bytes {
  return crypto.getRandomValues(new Uint8Array(32));
}

afterEach(() => {
  vi.restoreAllMocks();
});

test("this browser has the curves, and they are used", async () => {
  expect(await isNative()).toBe(true);
  expect(await chosenCurves()).not.toBe(curvesInCode);
});

test("the curves of the browser and those in code give the same", async () => {
  for (let run = 0; run < 20; run++) {
    const [own, other] = [someSeed(), someSeed()];
    const [key, signature, point] = [
      await nativeCurves.publicKey(own),
      await nativeCurves.sign(message, own),
      await nativeCurves.publicPoint(other),
    ];
    expect(await curvesInCode.publicKey(own)).toEqual(key);
    expect(await curvesInCode.sign(message, own)).toEqual(signature);
    expect(await curvesInCode.publicPoint(other)).toEqual(point);
    expect(await curvesInCode.sharedPoint(own, point)).toEqual(await nativeCurves.sharedPoint(own, point));
    for (const curves of [nativeCurves, curvesInCode]) {
      expect(await curves.verify(signature, message, key)).toBe(true);
      expect(await curves.verify(signature, textToBytes("lost"), key)).toBe(false);
    }
  }
});

test("both refuse a point of small order", async () => {
  for (const curves of [nativeCurves, curvesInCode])
    await expect(curves.sharedPoint(someSeed(), new Uint8Array(32))).rejects.toThrow();
});

test("a browser that has no curves uses those in code", async () => {
  vi.spyOn(crypto.subtle, "importKey").mockRejectedValue(new DOMException("", "NotSupportedError"));
  expect(await chosenCurves()).toBe(curvesInCode);
});

test("so does one whose signatures are none", async () => {
  vi.spyOn(crypto.subtle, "sign").mockImplementation(async () => new ArrayBuffer(64));
  expect(await chosenCurves()).toBe(curvesInCode);
});
