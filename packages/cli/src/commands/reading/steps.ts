import type { Sqlite } from "@keepsake/core/formats";
import type { ReadMemory, ReadSteps } from "@keepsake/core/model";
import { nodeCiphers, nodeSqlite } from "@keepsake/core/node";
import type { Context } from "../../context.ts";
import type { Answers } from "./answers.ts";
import type { ChosenSource, CountedSource } from "./source.ts";

/** What a source is read with. */
interface HowToRead {
  readonly source: ChosenSource;
  /** The same, with its bytes counted. */
  readonly from: CountedSource;
  readonly answers: Answers;
  readonly memory?: ReadMemory | undefined;
}

/** Reads a source in its format. */
export function stepsOf(
  { input, signal, primitives }: Context,
  { source, from, answers, memory }: HowToRead,
): ReadSteps {
  const tools = { sqlite: countedSqlite(from), ciphers: nodeCiphers, primitives, ...answers };
  const own = input.text("me");
  const timeZone = input.text("timeZone");
  const how = { signal, own, timeZone, memory, tools };
  return source.format.readMany?.(from.source, how) ?? source.format.read(from.source, how);
}

/** Databases are read by way of their place on the disk, where they have one; they count when they are opened. */
function countedSqlite(source: CountedSource): Sqlite {
  return {
    open({ main, wal }, options) {
      source.throwIfStopped();
      if (source.has(main)) source.add(main.sizeBytes);
      return nodeSqlite.open({ main: source.under(main), wal: wal && source.under(wal) }, options);
    },
  };
}
