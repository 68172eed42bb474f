import { mkdir, open, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { KeepsakeError } from "@keepsake/core/base";
import { syncFolder } from "../folder.ts";

/** How far a guard has come. */
export interface Mark {
  readonly generation: number;
  readonly count: number;
}

/**
 * A folder outside of the database, of which no backup is made, that says how far the guard has come: a database that
 * says less is an older one, in which guesses that were made are not counted. A mark is the name of an empty file, so
 * that several processes may raise it at once; the highest counts.
 */
export interface Fence {
  /** Undefined where there is none. */
  highest(): Promise<Mark | undefined>;
  /** Durable when it returns. */
  raise(mark: Mark): Promise<void>;
}

const DIGITS = 15;

/** The fence in a folder, which is made where it is not there. Throws `base.invalid` where it cannot be. */
export async function folderFence(folder: string): Promise<Fence> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw new KeepsakeError("base.invalid", { cause, details: { name: "KEEPSAKE_GUARD_FENCE" } });
  });
  return {
    async highest() {
      const marks = (await readdir(folder)).filter((name) => markOf(name) !== undefined).sort();
      return markOf(marks.at(-1) ?? "");
    },
    async raise(mark) {
      const name = nameOf(mark);
      await (await open(join(folder, name), "a", 0o600)).close();
      await syncFolder(folder);
      const lower = (await readdir(folder)).filter((each) => markOf(each) !== undefined && each < name);
      for (const each of lower) await rm(join(folder, each), { force: true });
    },
  };
}

/** Whether one has come less far than the other. */
export function isBehind(mark: Mark, other: Mark): boolean {
  return mark.generation === other.generation ? mark.count < other.count : mark.generation < other.generation;
}

function nameOf({ generation, count }: Mark): string {
  return [generation, count].map((number) => String(number).padStart(DIGITS, "0")).join("-");
}

function markOf(name: string): Mark | undefined {
  const match = /^(\d{15})-(\d{15})$/.exec(name);
  return match === null ? undefined : { generation: Number(match[1]), count: Number(match[2]) };
}
