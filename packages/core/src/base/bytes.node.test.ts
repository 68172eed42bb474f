import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { bytesToHex } from "./bytes.ts";

test("hex digits that are kept take about as much memory as their letters", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const used = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = used();
  const kept = new Set<string>();
  for (let i = 0; i < 20_000; i++)
    kept.add(bytesToHex(new Uint8Array(new Uint32Array(8).fill(i * 2654435761).buffer)));
  const bytesEach = (used() - before) / kept.size;
  expect(kept.size).toBe(20_000);
  expect(bytesEach).toBeLessThan(250);
});
