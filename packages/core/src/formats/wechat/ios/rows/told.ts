import type { Stretch } from "../../../../model/index.ts";
import { OrderBuffer, type MessageEvent } from "../../../in-order.ts";
import { BlockComparison, blockOf, BlockNotes, type BlockNote, type Piece } from "./blocks.ts";
import {
  messagesOf,
  openTable,
  tableRows,
  traceOf,
  type ChatReading,
  type ChatTable,
  type ChatTables,
  type Numbers,
  type RowReading,
} from "./chats.ts";
import { stampsOf } from "../media.ts";
import type { AccountMemory, ChatNote } from "./memory.ts";
import { partsOf } from "./parts.ts";

/**
 * The messages of a chat in order, many at a time; where the last reading is remembered, only what is not as it was
 * then, and between it the stretches that are.
 */
export async function* chatMessages(
  { hash, tables }: ChatTables,
  reading: ChatReading,
  memory: AccountMemory | undefined,
): AsyncGenerator<readonly MessageEvent[] | Stretch> {
  let isWhole = true;
  const awaited = new Set<string>();
  const watched: RowReading = {
    ...reading,
    onAwaited: (database, number) => awaited.add(`${blockOf({ number })} ${database}`),
    onFinding(finding) {
      if (finding.code === "wechat.table-broken") isWhole = false;
      reading.onFinding(finding);
    },
  };
  const open: ChatTable[] = [];
  for (const table of tables) open.push(await openTable(table, watched));
  const found = yield* told(open, watched, memory && { memory, before: memory.before(hash, reading.chat) });
  // Of what is damaged nobody knows what it was: it is read whole next time.
  if (found !== undefined && isWhole)
    memory?.note(hash, { id: reading.chat, tables: without(found, awaited) });
}

/** What was found, without the blocks that wait for a file: they are read again. */
function without(found: ChatNote["tables"], awaited: ReadonlySet<string>): ChatNote["tables"] {
  const tables = Object.entries(found).map(([database, notes]) => {
    const done = notes.filter(([block]) => !awaited.has(`${block} ${database}`));
    return [database, done] as const;
  });
  return Object.fromEntries(tables);
}

interface Remembered {
  readonly memory: AccountMemory;
  readonly before: ChatNote | undefined;
}

/** What is told; what was found is returned, where it can be remembered. */
async function* told(
  tables: readonly ChatTable[],
  reading: RowReading,
  remembered: Remembered | undefined,
): AsyncGenerator<readonly MessageEvent[] | Stretch, ChatNote["tables"] | undefined> {
  if (remembered?.before === undefined) return yield* whole(tables, reading, remembered?.memory);
  const { memory, before } = remembered;
  const { pieces, found } = await compare(tables, reading, { memory, before });
  if (found === undefined) return yield* whole(tables, reading, undefined);
  const byName = new Map(tables.map((table) => [table.name, table]));
  for (const part of partsOf(pieces))
    if ("from" in part) yield part;
    else yield* inOrder(readPieces(part, byName, reading), reading);
  return found;
}

/** Everything. */
async function* whole(
  tables: readonly ChatTable[],
  reading: RowReading,
  memory: AccountMemory | undefined,
): AsyncGenerator<readonly MessageEvent[], ChatNote["tables"] | undefined> {
  const stamps = memory && stampsOf(reading.files);
  const found: Record<string, readonly BlockNote[]> = {};
  let isFit = memory !== undefined;
  async function* read(): AsyncGenerator<readonly MessageEvent[]> {
    for (const table of tables) {
      const notes = memory && new BlockNotes((text) => memory.sha256Text(text));
      for await (const rows of tableRows(table, reading)) {
        if (notes !== undefined) for (const row of rows) notes.add(traceOf(row, table.sources, stamps!));
        yield await messagesOf(rows, table, reading);
      }
      found[table.name] = notes?.finish() ?? [];
      isFit &&= notes?.isFit === true;
    }
  }
  yield* inOrder(read(), reading);
  return isFit ? found : undefined;
}

/** Goes along all rows without reading what they say; nothing is found where rows cannot be told apart. */
async function compare(
  tables: readonly ChatTable[],
  reading: RowReading,
  { memory, before }: { readonly memory: AccountMemory; readonly before: ChatNote },
): Promise<{ readonly pieces: readonly Piece[]; readonly found: ChatNote["tables"] | undefined }> {
  const stamps = stampsOf(reading.files);
  const sha256Text = (text: string): string => memory.sha256Text(text);
  const pieces: Piece[] = [];
  const found: Record<string, readonly BlockNote[]> = {};
  let isFit = true;
  for (const table of tables) {
    const comparison = new BlockComparison(table.name, before.tables[table.name] ?? [], sha256Text);
    const notes = new BlockNotes(sha256Text, (rows, note) => comparison.block(rows, note));
    for await (const rows of tableRows(table, reading))
      for (const row of rows) notes.add(traceOf(row, table.sources, stamps));
    found[table.name] = notes.finish();
    isFit &&= notes.isFit;
    pieces.push(...comparison.finish());
  }
  // A database may be gone, or take no part any more.
  for (const [name, notes] of Object.entries(before.tables))
    if (!tables.some((table) => table.name === name))
      pieces.push(...new BlockComparison(name, notes, sha256Text).finish());
  return { pieces, found: isFit ? found : undefined };
}

async function* readPieces(
  pieces: readonly Piece[],
  tables: ReadonlyMap<string, ChatTable>,
  reading: RowReading,
): AsyncGenerator<readonly MessageEvent[]> {
  for (const { table, numbers } of adjoined(pieces, tables))
    for await (const rows of tableRows(table, reading, numbers)) yield await messagesOf(rows, table, reading);
}

/** Pieces of a table that follow each other are read in one. */
function adjoined(
  pieces: readonly Piece[],
  tables: ReadonlyMap<string, ChatTable>,
): { readonly table: ChatTable; readonly numbers: Numbers }[] {
  const runs: { table: ChatTable; numbers: Numbers }[] = [];
  for (const [name, table] of tables) {
    const own = pieces.flatMap(({ database, numbers }) =>
      database === name && numbers !== undefined ? [numbers] : [],
    );
    for (const numbers of own.sort(([a], [b]) => a - b)) {
      const last = runs.at(-1);
      if (last?.table === table && last.numbers[1] + 1 === numbers[0])
        last.numbers = [last.numbers[0], numbers[1]];
      else runs.push({ table, numbers });
    }
  }
  return runs;
}

/** Messages in canonical order, as far as they are nearly so. */
async function* inOrder(
  messages: AsyncIterable<readonly MessageEvent[]>,
  { onFinding }: RowReading,
): AsyncGenerator<readonly MessageEvent[]> {
  const buffer = new OrderBuffer();
  for await (const some of messages) yield some.flatMap((event) => buffer.push(event) ?? []);
  yield buffer.drain();
  if (buffer.late > 0) onFinding({ code: "format.out-of-order", severity: "warning", count: buffer.late });
}
