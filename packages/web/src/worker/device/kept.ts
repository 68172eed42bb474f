import { KeepsakeError } from "@keepsake/core/base";

/*
 * What this browser keeps: a table of values by name in IndexedDB. Structured clones go in, among them keys that
 * cannot be taken out again.
 */

const DATABASE = "keepsake";
const TABLE = "kept";

/** The value of a name; undefined where there is none. */
export async function readKept<T>(name: string): Promise<T | undefined> {
  return run("readonly", (table) => table.get(name) as IDBRequest<T | undefined>);
}

/** Durable when it returns. */
export async function writeKept(name: string, value: unknown): Promise<void> {
  await run("readwrite", (table) => table.put(value, name));
}

export async function forgetKept(name: string): Promise<void> {
  await run("readwrite", (table) => table.delete(name));
}

async function run<T>(mode: IDBTransactionMode, ask: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
  try {
    const transaction = database.transaction(TABLE, mode, { durability: "strict" });
    const done = new Promise<void>((resolve, reject) => {
      transaction.addEventListener("complete", () => resolve());
      transaction.addEventListener("abort", () => reject(failed(transaction.error)));
    });
    const request = ask(transaction.objectStore(TABLE));
    await done;
    return request.result;
  } finally {
    database.close();
  }
}

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener("upgradeneeded", () => request.result.createObjectStore(TABLE));
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(failed(request.error)));
  });
}

function failed(cause: unknown): KeepsakeError {
  return new KeepsakeError("web.no-storage", { cause });
}
