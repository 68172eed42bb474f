import { KeepsakeError, throwIfAborted, type Bytes } from "../../base/index.ts";
import { isStoreName, type Store } from "./store.ts";

/** A store in memory: for tests, previews and the browser's tour. `objects` may be looked into and altered. */
export interface MemoryStore extends Store {
  readonly objects: Map<string, Bytes>;
}

export function memoryStore(objects: Map<string, Bytes> = new Map()): MemoryStore {
  return {
    objects,
    async put(name, bytes, options) {
      check(name, options?.signal);
      if (objects.has(name)) return "exists";
      objects.set(name, bytes.slice());
      return "stored";
    },
    async get(name, range, options) {
      check(name, options?.signal);
      const bytes = objects.get(name);
      if (range === undefined) return bytes?.slice();
      return bytes?.slice(range.offset, range.offset + range.length);
    },
    async *list(prefix, options) {
      throwIfAborted(options?.signal);
      const { after = "" } = options ?? {};
      const names = [...objects.keys()]
        .filter((name) => name.startsWith(prefix) && isStoreName(name) && name > after)
        .sort();
      for (const name of names) {
        throwIfAborted(options?.signal);
        const bytes = objects.get(name);
        if (bytes !== undefined) yield { name, sizeBytes: bytes.length };
      }
    },
    async remove(name, options) {
      check(name, options?.signal);
      objects.delete(name);
    },
  };
}

function check(name: string, signal: AbortSignal | undefined): void {
  if (!isStoreName(name)) throw new KeepsakeError("store.bad-name");
  throwIfAborted(signal);
}
