import { bytesToText, KeepsakeError, type Bytes, type Primitives } from "../../src/base/index.ts";
import { isSafePath, memorySource, memoryTarget, type Format } from "../../src/formats/index.ts";
import { canonicalText, checkMessage, type ReadEvent } from "../../src/model/index.ts";
import { decodeTable } from "../../src/vault/table/index.ts";
import type { Random } from "../history/random.ts";

/** Something that takes bytes from strangers. */
export interface Subject {
  readonly id: string;
  readonly seeds: readonly Bytes[];
  /** Takes one input. What is thrown and is no KeepsakeError is a fault. */
  take(input: Bytes, random: Random): Promise<void> | void;
}

/** Of how many inputs one is also written again. */
const writtenShare = 1 / 8;

/** A format's reader, and its writer for part of what is read. `name` is the name of the file. */
export function readerSubject(
  format: Format,
  name: string,
  { seeds, primitives }: { readonly seeds: readonly Bytes[]; readonly primitives: Primitives },
): Subject {
  return {
    id: name.endsWith(".jsonl") && format.id !== "jsonl" ? `${format.id}-jsonl` : format.id,
    seeds,
    async take(input, random) {
      const source = memorySource({ [name]: input, "photos/a.jpg": "x", "attachments/a": "y" });
      await format.detect(source);
      const events: ReadEvent[] = [];
      for await (const event of format.read(source)) events.push(event);
      for (const event of events) if (event.type === "message") requireValid(event.message);
      if (!random.chance(writtenShare) || format.write === undefined) return;
      const target = memoryTarget();
      await format.write(again(events), target, { primitives, now: 0, includeExpired: random.chance(0.5) });
      for (const path of target.written.keys()) if (!isSafePath(path)) throw new RangeError("unsafe path");
      for await (const event of format.read(target.source()))
        if (event.type === "message") requireValid(event.message);
    },
  };
}

async function* again(events: readonly ReadEvent[]): AsyncGenerator<ReadEvent> {
  yield* events;
}

/** What a reader yields passes validation without a change. */
function requireValid(message: object): void {
  const checked = checkMessage(message, { chat: "", sent: 0 });
  if (checked.findings.length > 0)
    throw new RangeError(`invalid: ${checked.findings[0]!.code} ${checked.findings[0]!.where ?? ""}`);
}

/** The check that every message from outside passes. */
export function modelSubject(seeds: readonly Bytes[]): Subject {
  return {
    id: "model",
    seeds,
    take(input) {
      let value: unknown;
      try {
        value = JSON.parse(bytesToText(input));
      } catch {
        return;
      }
      const { message } = checkMessage(value, { chat: "a:b:c", sent: 0 });
      canonicalText(message);
      requireValid(message);
    },
  };
}

/** The decoder of a vault's tables: two lanes, the first byte says how the rest is shared. */
export function tableSubject(seeds: readonly Bytes[]): Subject {
  return {
    id: "table",
    seeds,
    take(input) {
      const cut = Math.min(input.length, ((input[0] ?? 0) << 8) + (input[1] ?? 0) + 2);
      const rows = decodeTable([input.slice(2, cut), input.slice(cut)]);
      if (rows.length > 1_000_000) throw new KeepsakeError("base.limit");
    },
  };
}
