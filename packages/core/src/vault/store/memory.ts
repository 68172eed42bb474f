import { KeepsakeError, type Bytes } from "../../base/index.ts";
import { isStoreName, type Store } from "./store.ts";

/** A store in memory: for tests, previews and the browser's tour. `objects` may be looked into and altered. */
export interface MemoryStore extends Store {
  readonly objects: Map<string, Bytes>;
}

export function memoryStore(objects: Map<string, Bytes> = new Map()): MemoryStore {
  return {
    objects,
    async put(name, bytes) {
      checkName(name);
      if (objects.has(name)) return "exists";
      objects.set(name, bytes.slice());
      return "stored";
    },
    async get(name, range) {
      checkName(name);
      const bytes = objects.get(name);
      if (range === undefined) return bytes?.slice();
      return bytes?.slice(range.offset, range.offset + range.length);
    },
    async *list(prefix) {
      const names = [...objects.keys()].filter((name) => name.startsWith(prefix)).sort();
      for (const name of names) {
        const bytes = objects.get(name);
        if (bytes !== undefined) yield { name, sizeBytes: bytes.length };
      }
    },
    async remove(name) {
      checkName(name);
      objects.delete(name);
    },
  };
}

function checkName(name: string): void {
  if (!isStoreName(name)) throw new KeepsakeError("store.bad-name");
}
