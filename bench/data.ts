import { existsSync } from "node:fs";
import { link, mkdir, rename, rm } from "node:fs/promises";
import { telegram } from "@keepsake/core/formats";
import type { Message, NativeId, ReadEvent } from "@keepsake/core/model";
import { folderTarget, nodePrimitives } from "@keepsake/core/node";
import { madeHistory } from "@keepsake/core/testing/history";

export interface DataOptions {
  readonly messages: number;
  readonly attachmentBytes: number;
  /** One message with a file in so many keeps it, so that files have the size of pictures and films. */
  readonly oneFileIn: number;
}

const seed = "bench 1";
const DAY2_MESSAGES = 2000;

/** A Telegram export of an invented history, the same a day later, and its text alone. Made once, kept in `.cache`. */
export async function benchData(
  cache: string,
  options: DataOptions,
): Promise<{ readonly day1: string; readonly day2: string; readonly text: string }> {
  const name = `${cache}/telegram-3-${options.messages}-${options.attachmentBytes}-${options.oneFileIn}`;
  const [day1, day2, text] = [`${name}-day1`, `${name}-day2`, `${name}-text`];
  await makeExport(day1, options, 0);
  await makeExport(day2, options, DAY2_MESSAGES);
  await rm(text, { recursive: true, force: true });
  await mkdir(text);
  await link(`${day1}/result.json`, `${text}/result.json`);
  return { day1, day2, text };
}

async function makeExport(path: string, options: DataOptions, newMessages: number): Promise<void> {
  if (existsSync(path)) return;
  const unfinished = `${path}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  const events = madeHistory({
    seed,
    messages: options.messages,
    attachmentBytes: options.attachmentBytes * options.oneFileIn,
    ...(newMessages === 0 ? {} : { day2: { messages: newMessages } }),
  });
  const target = await folderTarget(unfinished);
  await telegram.write!(asExported(events, options.oneFileIn), target, {
    primitives: nodePrimitives,
    now: Date.UTC(2026, 5, 1),
  });
  await rename(unfinished, path);
}

/** The history with one file in so many, the others left out of the export, and with Telegram's own numbers. */
async function* asExported(events: AsyncIterable<ReadEvent>, oneIn: number): AsyncGenerator<ReadEvent> {
  let numbers = new Numbers();
  for await (const event of events) {
    if (event.type === "chat") numbers = new Numbers();
    if (event.type !== "message") {
      yield event;
      continue;
    }
    const message = numbers.in(event.message);
    const isKept = Number(event.message.nativeIds?.[0]?.value.slice(-6) ?? 0) % oneIn === 0;
    if (isKept || event.files === undefined) yield { ...event, message };
    else {
      const attachments = message.attachments!.map((each) => ({ ...each, state: "omitted" as const }));
      yield { ...event, message: { ...message, attachments }, files: undefined };
    }
  }
}

const FIRST_SECOND = 1_400_000_000;

/**
 * The numbers of a chat's messages: they grow with time, with gaps, as Telegram's do. A message keeps its number in
 * every export: the writer counts, and one that is deleted would move all after it.
 */
class Numbers {
  readonly #byId = new Map<string, number>();
  #last = 0;

  in(message: Message): Message {
    const { nativeIds, reply } = message;
    const target = reply?.target;
    return {
      ...message,
      ...(nativeIds !== undefined && { nativeIds: [this.#next(nativeIds[0]!)] }),
      ...(target !== undefined && { reply: { ...reply, target: numbered(this.#known(target)) } }),
    };
  }

  /** The second that the generator's number begins with, or the next free one. */
  #next({ value }: NativeId): NativeId {
    this.#last = Math.max(this.#last + 1, secondOf(value));
    this.#byId.set(value, this.#last);
    return numbered(this.#last);
  }

  #known({ value }: NativeId): number {
    return this.#byId.get(value) ?? secondOf(value);
  }
}

function secondOf(value: string): number {
  return Math.max(1, Number(value.slice(0, -9)) - FIRST_SECOND);
}

function numbered(number: number): NativeId {
  return { scheme: "telegram.message", value: String(number) };
}
