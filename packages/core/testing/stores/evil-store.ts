import { KeepsakeError, throwIfAborted, type Bytes } from "../../src/base/index.ts";
import {
  isStoreName,
  type Range,
  type Store,
  type StoredObject,
  type StoreOptions,
} from "../../src/vault/store/index.ts";
import { randomOf } from "../history/random.ts";

/** Which objects a behaviour is for: one name, or all that fit. */
export type Match = string | RegExp;

/** All that a store held at one time. */
export type StoreState = ReadonlyMap<string, Bytes>;

/**
 * A store that does whatever harm a store can do. Without a behaviour switched on it is honest; each one stays on until
 * `behave()`, and every one is deterministic.
 */
export class EvilStore implements Store {
  #objects: Map<string, Bytes>;
  #hidden: Match[] = [];
  #dropped: Match[] = [];
  #claimed: Match[] = [];
  #altered: { readonly match: Match; readonly change: (bytes: Bytes, name: string) => Bytes }[] = [];
  #served = new Map<string, string>();
  #shuffleSeed: number | undefined;

  constructor(state: StoreState = new Map()) {
    this.#objects = new Map(state);
  }

  /** What it really holds. */
  get state(): StoreState {
    return new Map(this.#objects);
  }

  /** Switches every behaviour off; what was rolled back or planted stays so. */
  behave(): void {
    [this.#hidden, this.#dropped, this.#claimed, this.#altered] = [[], [], [], []];
    this.#served = new Map();
    this.#shuffleSeed = undefined;
  }

  /** Neither gives nor lists them. */
  hide(match: Match): void {
    this.#hidden.push(match);
  }

  /** Says "stored" of them, and stores nothing. */
  drop(match: Match): void {
    this.#dropped.push(match);
  }

  /** Says "exists" of them although they are free. */
  claim(match: Match): void {
    this.#claimed.push(match);
  }

  /** Gives them changed; ranges are cut from what was changed. */
  alter(match: Match, change: (bytes: Bytes, name: string) => Bytes): void {
    this.#altered.push({ match, change });
  }

  flip(match: Match, bit: number): void {
    this.alter(match, (bytes) => {
      const altered = bytes.slice();
      const at = bit % (bytes.length * 8);
      altered[at >> 3]! ^= 1 << (at & 7);
      return altered;
    });
  }

  truncate(match: Match, lengthBytes: number): void {
    this.alter(match, (bytes) => bytes.slice(0, Math.max(0, lengthBytes)));
  }

  extend(match: Match, by: Bytes): void {
    this.alter(match, (bytes) => {
      const longer = new Uint8Array(bytes.length + by.length);
      longer.set(bytes);
      longer.set(by, bytes.length);
      return longer;
    });
  }

  /** Gives each where the other is asked for. */
  swap(a: string, b: string): void {
    this.#served.set(a, b).set(b, a);
  }

  /** Gives `old` where `name` is asked for. */
  replay(name: string, old: string): void {
    this.#served.set(name, old);
  }

  /** Lists in an order of its own. */
  shuffle(seed: number): void {
    this.#shuffleSeed = seed;
  }

  /** Puts something of its own in place of whatever is there. */
  plant(name: string, bytes: Bytes): void {
    this.#objects.set(name, bytes.slice());
  }

  /** Goes back to what it held before, and goes on from there. */
  rollBack(state: StoreState): void {
    this.#objects = new Map(state);
  }

  /** Another store that holds the same now and goes its own way: what another client is shown. */
  fork(): EvilStore {
    return new EvilStore(this.#objects);
  }

  async put(name: string, bytes: Bytes, options?: StoreOptions): Promise<"stored" | "exists"> {
    check(name, options);
    if (fits(this.#claimed, name) || this.#objects.has(name)) return "exists";
    if (!fits(this.#dropped, name)) this.#objects.set(name, bytes.slice());
    return "stored";
  }

  async get(name: string, range?: Range, options?: StoreOptions): Promise<Bytes | undefined> {
    check(name, options);
    if (fits(this.#hidden, name)) return undefined;
    let bytes = this.#objects.get(this.#served.get(name) ?? name);
    if (bytes === undefined) return undefined;
    for (const { match, change } of this.#altered) if (fits([match], name)) bytes = change(bytes, name);
    return range === undefined ? bytes.slice() : bytes.slice(range.offset, range.offset + range.length);
  }

  async *list(prefix: string, options?: StoreOptions): AsyncGenerator<StoredObject> {
    throwIfAborted(options?.signal);
    for (const name of this.#names()) {
      if (!name.startsWith(prefix) || fits(this.#hidden, name)) continue;
      const bytes = await this.get(name);
      if (bytes !== undefined) yield { name, sizeBytes: bytes.length };
    }
  }

  async remove(name: string, options?: StoreOptions): Promise<void> {
    check(name, options);
    this.#objects.delete(name);
  }

  #names(): string[] {
    const names = [...this.#objects.keys()].toSorted();
    if (this.#shuffleSeed === undefined) return names;
    const random = randomOf("shuffle", this.#shuffleSeed);
    const keyed = names.map((name) => ({ name, at: random.next() }));
    return keyed.toSorted((a, b) => a.at - b.at).map(({ name }) => name);
  }
}

function fits(matches: readonly Match[], name: string): boolean {
  return matches.some((match) => (typeof match === "string" ? match === name : match.test(name)));
}

function check(name: string, options: StoreOptions | undefined): void {
  if (!isStoreName(name)) throw new KeepsakeError("store.bad-name");
  throwIfAborted(options?.signal);
}
