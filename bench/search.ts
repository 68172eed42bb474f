import { parseArgs } from "node:util";
import { systemClock } from "@keepsake/core/base";
import {
  loadHistory,
  OpenTexts,
  search,
  summaryOf,
  chatCollections,
  type History,
} from "@keepsake/core/history";
import { nodePrimitives } from "@keepsake/core/node";
import { folderStore } from "@keepsake/core/node/folder-store";
import { openVault } from "@keepsake/core/vault";

/*
 * node bench/search.ts --store FOLDER --words WORDS TEXT...: how long it takes to find texts in a vault, cold
 * (each text lane read and opened) and hot (with the text open). CPU time, since the machine may be shared.
 */

const LIMIT = 50;
const HOT_RUNS = 20;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { store: { type: "string" }, words: { type: "string" } },
});
const { vault, snapshot } = await openVault({
  primitives: nodePrimitives,
  store: folderStore(values.store ?? ""),
  clock: systemClock,
  secret: { kind: "words", words: values.words ?? "" },
});
const history = await loadHistory(vault, snapshot);
console.log(`${messagesIn(history)} messages in ${chatCollections(history).length} chats`);
for (const text of positionals) {
  const cold = await cpuMs(() => search(history, { text, limit: LIMIT }));
  console.log(`cold, ${text.length} characters: ${cold.result.length} found, ${cold.ms.toFixed(0)} ms`);
}
globalThis.gc?.();
const before = process.memoryUsage();
const opened = await cpuMs(() => OpenTexts.open(history));
globalThis.gc?.();
const after = process.memoryUsage();
const held = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers;
console.log(`opened in ${opened.ms.toFixed(0)} ms; holds ${(held / 1e6).toFixed(0)} MB`);
for (const text of positionals) {
  opened.result.find({ text, limit: LIMIT });
  const hot = await cpuMs(() => {
    for (let run = 1; run < HOT_RUNS; run++) opened.result.find({ text, limit: LIMIT });
    return opened.result.find({ text, limit: LIMIT });
  });
  const ms = (hot.ms / HOT_RUNS).toFixed(2);
  console.log(`hot, ${text.length} characters: ${hot.result.length} found, ${ms} ms`);
}

function messagesIn(whole: History): number {
  return chatCollections(whole).reduce((sum, id) => sum + summaryOf(whole, id).messages, 0);
}

async function cpuMs<T>(work: () => T | Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const start = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(start);
  return { result, ms: (user + system) / 1000 };
}
