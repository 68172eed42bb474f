import { KeepsakeError } from "@keepsake/core/base";
import { bringLevel, getTickets, showTickets } from "@keepsake/core/client/plans";
import { dayOf, type Routes } from "@keepsake/core/protocol";
import type { Both } from "../../state/language.ts";
import { saysOf } from "../says.ts";
import type { Session } from "../session.ts";
import type { KeptPlan, PlanBox } from "./kept.ts";
import type { Payer } from "./payer.ts";

export type LevelLine = Routes["GET /v1/level"]["answer"];

const [MINUTE_MS, DAY_MS] = [60_000, 86_400_000];
/** Between asking for tickets and showing them lie so many minutes, so that nobody can put the two together. */
const [LEAST_MS, MOST_MS] = [2 * MINUTE_MS, 12 * MINUTE_MS];
/** For so long what the server said of the level is good for whoever asks again. */
const FRESH_MS = 5 * MINUTE_MS;

/** What is to be done next for the level: get tickets, show them, or wait. */
export function dueStep(
  { gotDay, showAtMs }: KeptPlan,
  nowMs: number,
): { readonly is: "get" | "show" } | { readonly is: "wait"; readonly ms: number } {
  if (showAtMs !== undefined) {
    const leftMs = showAtMs - nowMs;
    // By a clock that was ahead nobody waits for days.
    return leftMs <= 0 || leftMs > MOST_MS ? { is: "show" } : { is: "wait", ms: leftMs };
  }
  const today = dayOf(nowMs);
  return gotDay === today ? { is: "wait", ms: (today + 1) * DAY_MS - nowMs } : { is: "get" };
}

/** Brings the member the room that is paid for. */
export class Level {
  readonly #session: Session;
  readonly #payer: Payer;
  readonly #box: PlanBox;
  #isKept = false;
  #told: { readonly line: LevelLine; readonly atMs: number } | undefined;
  /** What went wrong when it was done by itself; told on the page of plans only. */
  trouble: Both<string> | undefined;

  constructor(session: Session, payer: Payer, box: PlanBox) {
    [this.#session, this.#payer, this.#box] = [session, payer, box];
  }

  /** How the level stands, asked as a member. */
  async line({ isFresh = false }: { readonly isFresh?: boolean } = {}): Promise<LevelLine> {
    if (!isFresh && this.#told !== undefined && Date.now() - this.#told.atMs < FRESH_MS)
      return this.#told.line;
    return this.#heard(await (await this.#payer.member()).call("GET /v1/level"));
  }

  #heard(line: LevelLine): LevelLine {
    this.#told = { line, atMs: Date.now() };
    return line;
  }

  /** At once, since somebody waits for it. */
  async bringNow(): Promise<LevelLine> {
    const [payer, member] = [await this.#payer.needed(), await this.#payer.member()];
    const { tickets: kept } = await this.#box.read();
    const now = Date.now();
    const brought = await bringLevel({ payer, member, seed: this.#payer.seed, kept, now });
    const { cell } = brought.level;
    await this.#box.amend({ tickets: brought.kept, cell, gotDay: dayOf(now), showAtMs: undefined });
    this.trouble = undefined;
    return this.#heard(brought.level);
  }

  /** Once a day, by itself and quietly, as long as something is open. */
  async keepUp(): Promise<void> {
    if (this.#isKept || this.#session.open.isSample) return;
    this.#isKept = true;
    const signal = this.#session.untilLocked;
    try {
      if (!(await this.#isPaying())) return;
      while (!signal.aborted) {
        const step = dueStep(await this.#box.read(), Date.now());
        if (step.is === "wait") await pause(step.ms, signal);
        else await (step.is === "get" ? this.#get() : this.#show());
      }
    } catch (error) {
      const code = KeepsakeError.is(error) ? error.code : "base.unexpected";
      if (!signal.aborted) this.trouble = await saysOf(code);
    } finally {
      this.#isKept = false;
    }
  }

  /** Who never paid is not asked for. */
  async #isPaying(): Promise<boolean> {
    const { cell, hasAccount = false } = await this.#box.read();
    if (cell !== undefined) return true;
    const line = await this.line();
    if (line.untilWeek === 0 && !hasAccount) return false;
    // The first time: the member has just been asked for.
    await this.#box.amend({ cell: line.cell });
    await pause(someMs(), this.#session.untilLocked);
    return !this.#session.untilLocked.aborted;
  }

  async #get(): Promise<void> {
    const payer = await this.#payer.found();
    const { tickets: kept, cell = 0 } = await this.#box.read();
    const now = Date.now();
    const gotDay = dayOf(now);
    if (payer === undefined) return this.#box.amend({ gotDay });
    const tickets = await getTickets({ payer, seed: this.#payer.seed, kept, now, cell });
    await this.#box.amend({ tickets, gotDay, showAtMs: now + someMs() });
  }

  async #show(): Promise<void> {
    const { tickets, cell } = await this.#box.read();
    const member = await this.#payer.member();
    const line = this.#heard(await showTickets(member, tickets?.tickets ?? [], dayOf(Date.now())));
    // Of another cell's tickets none is good any more.
    const isMoved = line.cell !== cell;
    await this.#box.amend({
      showAtMs: undefined,
      cell: line.cell,
      ...(isMoved && tickets !== undefined && { tickets: { ...tickets, tickets: [] } }),
    });
    this.trouble = undefined;
  }
}

function someMs(): number {
  return LEAST_MS + Math.random() * (MOST_MS - LEAST_MS);
}

/** Ends early when what is open is locked. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
