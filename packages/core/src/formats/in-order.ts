import { compareMessages, type ReadEvent } from "../model/index.ts";
import { formatLimits } from "./format.ts";

/** A message with its files, as a reader yields it. */
export type MessageEvent = Extract<ReadEvent, { type: "message" }>;

/**
 * Puts messages that are nearly in order in canonical order: at most `capacity` wait. What comes later than that is
 * counted in `late`, and goes out at once: the caller says so in a finding, and whoever needs order sorts.
 */
export class OrderBuffer {
  readonly #capacity: number;
  #waiting: MessageEvent[] = [];
  #first = 0;
  #last: MessageEvent | undefined;
  late = 0;

  constructor(capacity: number = formatLimits.orderedMessages) {
    this.#capacity = capacity;
  }

  /** Takes one in, and gives out the first that waits, if enough do. */
  push(event: MessageEvent): MessageEvent | undefined {
    this.#insert(event);
    return this.#waiting.length - this.#first > this.#capacity ? this.#shift() : undefined;
  }

  /** All that still wait, in order. The buffer is empty then, and starts anew. */
  drain(): MessageEvent[] {
    const rest: MessageEvent[] = [];
    while (this.#first < this.#waiting.length) rest.push(this.#shift());
    this.#last = undefined;
    return rest;
  }

  #insert(event: MessageEvent): void {
    const waiting = this.#waiting;
    let place = waiting.length;
    if (place > this.#first && compareMessages(waiting[place - 1]!.message, event.message) > 0) {
      let low = this.#first;
      while (low < place) {
        const middle = (low + place) >>> 1;
        if (compareMessages(waiting[middle]!.message, event.message) > 0) place = middle;
        else low = middle + 1;
      }
      waiting.splice(place, 0, event);
    } else waiting.push(event);
  }

  #shift(): MessageEvent {
    const event = this.#waiting[this.#first]!;
    this.#first += 1;
    if (this.#first >= 1024 && this.#first * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    if (this.#last !== undefined && compareMessages(this.#last.message, event.message) > 0) this.late += 1;
    else this.#last = event;
    return event;
  }
}
