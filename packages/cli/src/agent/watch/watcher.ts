import { watch, type FSWatcher } from "node:fs";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { Answers } from "../answers.ts";
import { glance, list, type Listing } from "./listing.ts";
import { isSettled, settle, unseen, type Settling } from "./settle.ts";

export interface WatcherOptions {
  readonly answers: Answers;
  readonly path: string;
  readonly format: string | undefined;
  readonly quietMs: number;
  readonly lookMs: number;
  /** Called when the system tells of a change. */
  readonly onHint: () => void;
}

/** A look takes at most this part of the time, and a listing while nothing is known to have changed much less. */
const LOOK_SHARE = 0.05;
const CALM_LISTING_SHARE = 0.01;

/**
 * Looks at one source again and again. What the system tells of changes only makes a look come sooner: drives on a
 * network tell nothing, and no system tells everything.
 */
export class Watcher implements Disposable {
  readonly #options: WatcherOptions;
  #watch: FSWatcher | undefined;
  #settling: Settling = unseen;
  #listing: Listing | undefined;
  #glance: string | undefined;
  #listedAt = -Infinity;
  #listingMs = 0;
  #dueAt = -Infinity;
  #earliestAt = -Infinity;
  #isCalm = false;
  #isSilent = false;

  constructor(options: WatcherOptions) {
    this.#options = options;
  }

  /** When the next look is due, by the clock that `look` is given. */
  get dueAt(): number {
    return this.#dueAt;
  }

  /** Whether there is something at the place. */
  get isThere(): boolean {
    return this.#listing !== undefined;
  }

  /** Whether its disk does not answer. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** The source as it lies there, if it has been left alone for the quiet time. */
  settled(now: number): string | undefined {
    return isSettled(this.#settling, now, this.#options.quietMs) ? this.#settling.digest : undefined;
  }

  /** Looks, and decides when to look next. `now` is a clock that only goes forward, in milliseconds. */
  async look(now: () => number): Promise<void> {
    const began = now();
    const answer = await this.#ask();
    this.#isSilent = answer === "silent";
    if (answer === "silent") this.#lose(began);
    else if (answer !== "later" && this.#isListingDue(began)) await this.#list(began, now);
    const ended = now();
    this.#isCalm = this.settled(ended) !== undefined;
    this.#earliestAt = ended + (ended - began) / LOOK_SHARE;
    this.#dueAt = Math.max(this.#earliestAt, ended + this.#pauseMs(ended));
    this.#listen();
  }

  [Symbol.dispose](): void {
    this.#watch?.close();
  }

  /** In a source that was seen to change, the next listing decides whether it is quiet. */
  #pauseMs(now: number): number {
    const { quietMs, lookMs } = this.#options;
    if (this.#settling.digest === undefined || this.settled(now) !== undefined) return lookMs;
    return Math.min(lookMs, Math.max(0, this.#settling.since + quietMs - now));
  }

  #isListingDue(now: number): boolean {
    if (this.settled(now) === undefined || this.#listing === undefined) return true;
    if (now - this.#listedAt >= this.#listingMs / CALM_LISTING_SHARE) return true;
    return glance(this.#listing.newest) !== this.#glance;
  }

  /** A look does not end where the disk does not answer, and nothing else goes on meanwhile: it is asked before. */
  async #ask(): Promise<unknown> {
    const { answers, path } = this.#options;
    // What is opened anew is asked for anew, also where the system remembers a disk on the network.
    const opened = (): Promise<unknown> =>
      open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).then(
        (handle) => handle.close(),
        () => undefined,
      );
    return answers.of(path, opened);
  }

  /** As where there is nothing. */
  #lose(began: number): void {
    this.#listing = undefined;
    this.#settling = settle(this.#settling, undefined, began);
  }

  async #list(began: number, now: () => number): Promise<void> {
    const { path, format } = this.#options;
    this.#listing = await list(path, format);
    this.#glance = this.#listing && glance(this.#listing.newest);
    this.#listedAt = now();
    this.#listingMs = this.#listedAt - began;
    this.#settling = settle(this.#settling, this.#listing?.digest, began);
  }

  #listen(): void {
    if (this.#listing === undefined) this.#deafen();
    if (this.#watch !== undefined || this.#listing === undefined) return;
    try {
      // On Linux, a watch of all that lies below would take memory for every file.
      const recursive = process.platform !== "linux";
      this.#watch = watch(this.#options.path, { recursive, persistent: false }, () => this.#hint());
      this.#watch.on("error", () => this.#deafen());
    } catch {
      this.#deafen();
    }
  }

  #deafen(): void {
    this.#watch?.close();
    this.#watch = undefined;
  }

  /** While a source is being written, one hint would follow the other: only the first counts. */
  #hint(): void {
    if (!this.#isCalm || this.#dueAt <= this.#earliestAt) return;
    this.#dueAt = this.#earliestAt;
    this.#options.onHint();
  }
}
