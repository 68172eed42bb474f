import { join } from "node:path";
import type { Reading, Readings } from "@keepsake/core/history";
import { readIfThere, writePrivate } from "./folders.ts";
import { configFolder } from "../where.ts";

/** Readings of one store, in a file that only its owner can read: random ids and dates, no names. */
export interface SavedReadings extends Readings {
  save(): Promise<void>;
}

type ReadingsJson = Readonly<Record<string, Readonly<Record<string, Reading>>>>;

/** Loads what this device remembers of a vault's store; what cannot be read counts as nothing. */
export async function openReadings(
  env: NodeJS.ProcessEnv,
  { vault, place }: { readonly vault: string; readonly place: string },
): Promise<SavedReadings> {
  const path = join(configFolder(env), "vaults", `${vault}.readings`);
  const all = await readAll(path);
  const own = new Map(Object.entries(all[place] ?? {}));
  let isChanged = false;
  return {
    get: (collection) => own.get(collection),
    set(collection, reading) {
      own.set(collection, reading);
      isChanged = true;
    },
    async save() {
      if (!isChanged) return;
      const json: ReadingsJson = { ...(await readAll(path)), [place]: Object.fromEntries(own) };
      await writePrivate(path, JSON.stringify(json));
    },
  };
}

async function readAll(path: string): Promise<ReadingsJson> {
  try {
    const file = await readIfThere(path);
    return file === undefined ? {} : (JSON.parse(file.toString("utf8")) as ReadingsJson);
  } catch {
    return {};
  }
}
