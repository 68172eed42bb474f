import { open, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { KeepsakeError } from "@keepsake/core/base";
import { syncFolder } from "../../folder.ts";

/**
 * The write-ahead log of a database file, made durable. SQLite would wait for the disk on the thread that serves
 * everybody, and the disk is often busy with somebody's large upload; here a thread of the pool waits.
 */
export class DurableLog {
  readonly #file: string;
  #handle: FileHandle | undefined;
  #failure: KeepsakeError | undefined;

  /** Of the database in a file, whose log stays the same file as long as the database is open. */
  constructor(file: string) {
    this.#file = file;
  }

  /** Returns when all that was committed is on the disk. Throws `server.database-unavailable`, and always from then. */
  async sync(): Promise<void> {
    try {
      if (this.#handle === undefined) {
        this.#handle = await open(`${this.#file}-wal`, "r+");
        await syncFolder(dirname(this.#file));
      }
      await this.#handle.datasync();
    } catch (cause) {
      // What the system could not write it may have forgotten: a later sync that works would prove nothing.
      this.#failure = new KeepsakeError("server.database-unavailable", { cause, retry: "later" });
      throw this.#failure;
    }
  }

  /** Throws what `sync` threw. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }
}
