import { expect, test } from "vitest";
import { madeHistory, type HistoryOptions } from "../../testing/history/index.ts";
import { vaultOf, type Reading } from "../../testing/history/vault.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import type { ReadEvent } from "../model/index.ts";
import { RowReader } from "./rows/read.ts";
import { LANE } from "./rows/row.ts";
import { chatCollections } from "./state/chats.ts";
import { loadHistory } from "./state/state.ts";
import { HistoryView, type MessageView } from "./view.ts";

const primitives = await testPrimitives();
const made: HistoryOptions = { seed: 12, messages: 1500, chats: 3, attachmentBytes: 0 };

/** The same history of an app that numbers nothing, and says times in minutes. */
async function* withoutIds(options: HistoryOptions): AsyncGenerator<ReadEvent> {
  for await (const event of madeHistory(options)) {
    if (event.type !== "message") yield event;
    else {
      const { nativeIds: _, order: __, ...message } = event.message;
      yield { type: "message", message };
    }
  }
}

const histories: readonly (readonly [string, readonly Reading[]])[] = [
  ["one reading", [["phone", () => madeHistory(made)]]],
  [
    "what was revoked and what came later",
    [
      ["phone", () => madeHistory(made)],
      ["phone", () => madeHistory({ ...made, day2: { messages: 150 } })],
      ["tablet", () => madeHistory({ ...made, messages: 900 })],
    ],
  ],
  ["a source without ids", [["old phone", () => withoutIds(made)]]],
];

async function all(views: AsyncIterable<MessageView[]>): Promise<MessageView[]> {
  const list: MessageView[] = [];
  for await (const some of views) list.push(...some);
  return list;
}

/** What a head says. */
function headOf({ message: { author, kind, time, direction, deletion, nativeIds } }: MessageView): unknown {
  const { sent, precision } = time;
  return { author, kind, sent, precision, direction, deletion: deletion?.state, nativeIds };
}

test.each(histories)(
  "heads are as many as there are messages, in the same order: %s",
  async (_, readings) => {
    const { vault, snapshot } = await vaultOf(primitives, readings);
    const history = await loadHistory(vault, snapshot);
    const view = new HistoryView(new RowReader(history));
    for (const collection of chatCollections(history)) {
      const whole = await all(view.batches(collection));
      expect(whole.length).toBeGreaterThan(0);
      expect((await all(view.heads(collection))).map(headOf)).toEqual(whole.map(headOf));
      const from = whole[whole.length >> 2]!.message.time.sent;
      const until = whole[(3 * whole.length) >> 2]!.message.time.sent;
      const part = whole.filter(({ message: { time } }) => time.sent >= from && time.sent < until);
      expect((await all(view.heads(collection, { from, until }))).map(headOf)).toEqual(part.map(headOf));
      const lanes = [LANE.head, LANE.text, LANE.rest];
      const texts = (views: readonly MessageView[]): unknown => views.map(({ message }) => message.body);
      expect(texts(await all(view.heads(collection, { lanes })))).toEqual(texts(whole));
    }
  },
);
