import { KeepsakeError, systemClock, type Bytes } from "../../packages/core/src/base/index.ts";
import {
  Connection,
  logIn,
  memberEvents,
  serverStore,
  signUp,
  trashLines,
  type Credentials,
  type EventAnchor,
  type Membership,
} from "../../packages/core/src/client/index.ts";
import { check } from "../../packages/core/src/history/care.ts";
import { loadHistory } from "../../packages/core/src/history/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import type { Store } from "../../packages/core/src/vault/index.ts";
import type { Random } from "../../packages/core/testing/history/random.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { password } from "./serving.ts";
import { add, made, reopened, textsOf, type Made } from "./vaults.ts";

const MOST_NAMES = 60;
const LARGE_BYTES = 1_000_000;
const BACKUP = { messages: 60, chats: 3 };

/** What a member did and was told, for as long as the soak goes on. */
export interface Deeds {
  requests: number;
  uncertain: number;
}

/**
 * One member with several devices, of which each does one thing after the other. It remembers what the server
 * acknowledged, and holds it to that with every read.
 */
export class SoakMember {
  readonly deeds: Deeds = { requests: 0, uncertain: 0 };
  readonly #urls: readonly string[];
  readonly #random: Random;
  readonly #membership: Membership;
  readonly #name: string;
  readonly #vault: string;
  /** The size of what each name holds, which says its bytes too; undefined where no answer came. */
  readonly #sizes = new Map<string, number | undefined>();
  /** Names that were removed, and did not come back. */
  readonly #gone = new Set<string>();
  /** No name is given twice. */
  #next = 1;
  #head = 1;
  #backup: { readonly made: Made; readonly id: string; shown: number } | undefined;
  #isBackingUp = false;
  #seen: EventAnchor | undefined;

  private constructor(
    given: { readonly urls: readonly string[]; readonly random: Random },
    membership: Membership & { readonly name: string },
    vault: string,
  ) {
    this.#urls = given.urls;
    this.#random = given.random;
    this.#membership = membership;
    this.#name = membership.name;
    this.#vault = vault;
  }

  static async signUp(given: {
    readonly urls: readonly string[];
    readonly random: Random;
  }): Promise<SoakMember> {
    const open = new Connection({ url: given.random.pick(given.urls), primitives });
    const membership = await signUp(open, { password, platform: "cli" });
    const { vault } = await open.with(membership).call("POST /v1/vaults");
    return new SoakMember(given, membership, vault);
  }

  /**
   * Does one thing after the other until it is told to end. `mayFail` says whether a server may be away at this moment:
   * then what was asked for may be done or not.
   */
  async live(isEnd: () => boolean, mayFail: () => boolean): Promise<void> {
    const acts = [
      ...Array.from({ length: 6 }, () => () => this.#put()),
      ...Array.from({ length: 6 }, () => () => this.#read()),
      ...Array.from({ length: 3 }, () => () => this.#remove()),
      ...Array.from({ length: 2 }, () => () => this.#list()),
      ...Array.from({ length: 2 }, () => () => this.#hear()),
      () => this.#putHead(),
      () => this.#listen(),
      () => this.#logInAndOut(),
      () => this.#guessWrongly(),
      () => this.#backUp(),
    ];
    while (!isEnd()) {
      try {
        await this.#random.pick(acts)();
        this.deeds.requests++;
      } catch (error) {
        if (!mayFail() || !isAway(error)) throw error;
        this.deeds.uncertain++;
        await new Promise((done) => setTimeout(done, 100));
      }
    }
  }

  /** Everything that was acknowledged is there, whole, and nothing else is but what no answer came for. */
  async isWhole(): Promise<void> {
    await this.#list();
    for (const name of this.#sizes.keys()) await this.#compare(name);
    await this.#hear();
    if (this.#backup !== undefined) await this.#look(this.#backup);
  }

  #connection(credentials: Credentials = this.#membership): Connection {
    return new Connection({ url: this.#random.pick(this.#urls), primitives, credentials });
  }

  #store(vault = this.#vault, isDirect = false): Store {
    return serverStore({ connection: this.#connection(), vault, isDirect });
  }

  async #put(): Promise<void> {
    if (this.#known().length >= MOST_NAMES) return this.#remove();
    const isLarge = this.#random.chance(0.05);
    const size = isLarge ? LARGE_BYTES + this.#random.below(1000) : 100 + this.#random.below(30_000);
    const folder = this.#random.pick(["packs", "journals"]);
    await this.#putAs(`${folder}/${String(this.#next++).padStart(26, "0")}`, size);
  }

  async #putAs(name: string, size: number): Promise<void> {
    this.#sizes.set(name, undefined);
    const outcome = await this.#store(this.#vault, true).put(name, contentOf(size));
    if (outcome !== "stored") throw new TypeError(`${name} was there before it was put`);
    this.#sizes.set(name, size);
  }

  async #putHead(): Promise<void> {
    await this.#putAs(`heads/${String(this.#head++).padStart(10, "0")}`, 300 + this.#random.below(500));
  }

  async #read(): Promise<void> {
    const names = [...this.#sizes.keys()];
    if (names.length > 0) await this.#compare(this.#random.pick(names));
  }

  async #compare(name: string): Promise<void> {
    const size = this.#sizes.get(name);
    if (size === undefined) return;
    const whole = contentOf(size);
    const offset = this.#random.below(size);
    const range = this.#random.chance(0.5) ? { offset, length: this.#random.below(size) } : undefined;
    const expected = range === undefined ? whole : whole.subarray(offset, offset + range.length);
    const bytes = await this.#store().get(name, range);
    // Another device of this member may have removed it meanwhile.
    if (this.#sizes.get(name) !== size) return;
    if (bytes === undefined || Buffer.compare(bytes, expected) !== 0)
      throw new TypeError(`${name} of ${size} bytes is not what was acknowledged: ${bytes?.length} bytes`);
  }

  /** What may be removed. */
  #known(): readonly string[] {
    const known = [...this.#sizes].filter(([name, size]) => size !== undefined && !name.startsWith("heads/"));
    return known.map(([name]) => name);
  }

  async #remove(): Promise<void> {
    const names = this.#known();
    if (names.length === 0) return;
    const name = this.#random.pick(names);
    const size = this.#sizes.get(name)!;
    this.#sizes.set(name, undefined);
    await this.#store().remove(name);
    this.#sizes.delete(name);
    this.#gone.add(name);
    if (this.#random.chance(0.3)) await this.#restore(name, size);
  }

  async #restore(name: string, size: number): Promise<void> {
    const connection = this.#connection();
    for await (const { id, name: removed } of trashLines(connection, this.#vault)) {
      if (removed !== name) continue;
      this.#gone.delete(name);
      this.#sizes.set(name, undefined);
      const params = { vault: this.#vault };
      const { restored } = await connection.call("POST /v1/vaults/{vault}/trash/restore", {
        params,
        body: { ids: [id] },
      });
      if (!restored.includes(name)) throw new TypeError(`${name} did not come back from the trash`);
      this.#sizes.set(name, size);
      return;
    }
    throw new TypeError(`${name} was removed and is not in the trash`);
  }

  /** Names that another device is at are not looked at: they were, or will be. */
  async #list(): Promise<void> {
    const [before, gone] = [new Map(this.#sizes), new Set(this.#gone)];
    const listed = new Map<string, number>();
    for await (const { name, sizeBytes } of this.#store().list("")) listed.set(name, sizeBytes);
    for (const [name, size] of before) {
      if (size === undefined || this.#sizes.get(name) !== size) continue;
      if (listed.get(name) !== size) throw new TypeError(`${name} is listed with ${listed.get(name)} bytes`);
    }
    for (const name of gone)
      if (listed.has(name) && this.#gone.has(name)) throw new TypeError(`${name} was removed and is listed`);
  }

  /** The log of the member goes on from where it was seen. */
  async #hear(): Promise<void> {
    const seen = this.#seen;
    let last = seen;
    for await (const { number, hash } of memberEvents(this.#connection(), { seen })) last = { number, hash };
    if (this.#seen === seen) this.#seen = last;
  }

  async #listen(): Promise<void> {
    const path = "/v1/events/stream";
    const response = await this.#connection().send({ method: "GET", path });
    const reader = response.body!.getReader();
    // From now on: a time that is over before the answer comes would end nothing.
    const end = AbortSignal.timeout(200 + this.#random.below(2000));
    end.addEventListener("abort", () => void reader.cancel().catch(() => undefined));
    try {
      while (!(await reader.read()).done);
    } catch (cause) {
      throw new KeepsakeError("server.unreachable", { cause, retry: "later" });
    }
  }

  async #logInAndOut(): Promise<void> {
    const open = new Connection({ url: this.#random.pick(this.#urls), primitives });
    const membership = await logIn(open, { name: this.#name, password, platform: "cli" }).catch(
      (error: unknown) => {
        // A login that a server's end cuts off has been a try, and after many of them one has to wait.
        if (!KeepsakeError.is(error, "request.too-many")) throw error;
        throw new KeepsakeError("server.unreachable", { cause: error, retry: "later" });
      },
    );
    const { session } = membership;
    await this.#connection(membership).call("DELETE /v1/devices/{id}", { params: { id: session } });
  }

  async #guessWrongly(): Promise<void> {
    const open = new Connection({ url: this.#random.pick(this.#urls), primitives });
    const name = `nobody-${this.#random.below(1e9)}`;
    const error = await logIn(open, { name, password: "a wrong password", platform: "cli" }).catch(
      (e: unknown) => e,
    );
    if (!KeepsakeError.is(error, "member.wrong-login")) throw error;
  }

  /** A real vault: another backup, then all of it is opened, checked and read by who comes anew. */
  async #backUp(): Promise<void> {
    // Only one device writes at a time.
    if (this.#isBackingUp) return;
    this.#isBackingUp = true;
    try {
      if (this.#backup === undefined) {
        const { vault: id } = await this.#connection().call("POST /v1/vaults");
        this.#backup = { made: await made(this.#store(id), systemClock), id, shown: 0 };
      } else {
        const vault = { ...this.#backup.made.vault, store: this.#store(this.#backup.id) };
        await add({ vault }, { ...BACKUP, seed: `${this.#backup.id} ${this.#next++}` });
        await this.#look(this.#backup);
      }
    } finally {
      this.#isBackingUp = false;
    }
  }

  async #look(backup: { readonly made: Made; readonly id: string; shown: number }): Promise<void> {
    const opened = await reopened(this.#store(backup.id), backup.made.secret);
    const shown = (await textsOf(opened)).length;
    if (shown < backup.shown) throw new TypeError(`${backup.shown - shown} messages are gone`);
    backup.shown = shown;
    const { damages } = await check(await loadHistory(opened.vault, opened.snapshot), { level: "full" });
    if (damages.length > 0) throw new TypeError(`${damages.length} damages in a vault`);
  }
}

function contentOf(size: number): Bytes {
  return someBytes(size, size);
}

/** What a client sees of a server that is restarted. */
function isAway(error: unknown): boolean {
  const away = ["store.unavailable", "server.unreachable", "server.database-unavailable"];
  return KeepsakeError.is(error) && away.includes(error.code);
}
