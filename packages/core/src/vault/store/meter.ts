import type { Store, StoredObject, StoreOptions } from "./store.ts";

/** What one verb was asked and what went through it. */
export interface Count {
  readonly calls: number;
  /** Calls that threw. */
  readonly failures: number;
  /** Objects stored, got or listed, and names removed; not puts that met "exists" or gets that met nothing. */
  readonly objects: number;
  readonly bytes: number;
}

export type Verb = "put" | "get" | "list" | "remove";

export interface MeteredStore extends Store {
  /** The counts so far; the value does not change afterwards. */
  counts(): Readonly<Record<Verb, Count>>;
}

const nothing: Count = { calls: 0, failures: 0, objects: 0, bytes: 0 };

/** The store, with all that passes through it counted; `onCount` is called after every call, for progress. */
export function meterStore(store: Store, onCount?: (verb: Verb, count: Count) => void): MeteredStore {
  const counts: Record<Verb, Count> = { put: nothing, get: nothing, list: nothing, remove: nothing };
  const add = (verb: Verb, more: Partial<Count>): void => {
    const { calls, failures, objects, bytes } = counts[verb];
    counts[verb] = {
      calls: calls + (more.calls ?? 0),
      failures: failures + (more.failures ?? 0),
      objects: objects + (more.objects ?? 0),
      bytes: bytes + (more.bytes ?? 0),
    };
    onCount?.(verb, counts[verb]);
  };
  const counted = async <T>(
    verb: Verb,
    call: Promise<T>,
    passed: (result: T) => Partial<Count>,
  ): Promise<T> => {
    try {
      const result = await call;
      add(verb, { calls: 1, ...passed(result) });
      return result;
    } catch (error) {
      add(verb, { calls: 1, failures: 1 });
      throw error;
    }
  };
  return {
    counts: () => ({ ...counts }),
    put: (name, bytes, options) =>
      counted("put", store.put(name, bytes, options), (outcome) =>
        outcome === "stored" ? { objects: 1, bytes: bytes.length } : {},
      ),
    get: (name, range, options) =>
      counted("get", store.get(name, range, options), (bytes) =>
        bytes === undefined ? {} : { objects: 1, bytes: bytes.length },
      ),
    remove: (name, options) => counted("remove", store.remove(name, options), () => ({ objects: 1 })),
    list: (prefix, options) => countedList(store, add, prefix, options),
  };
}

async function* countedList(
  store: Store,
  add: (verb: Verb, more: Partial<Count>) => void,
  prefix: string,
  options: StoreOptions | undefined,
): AsyncGenerator<StoredObject> {
  add("list", { calls: 1 });
  try {
    for await (const object of store.list(prefix, options)) {
      add("list", { objects: 1 });
      yield object;
    }
  } catch (error) {
    add("list", { failures: 1 });
    throw error;
  }
}
