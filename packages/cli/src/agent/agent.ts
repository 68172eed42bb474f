import { watch } from "node:fs";
import { mkdir } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import { KeepsakeError } from "@keepsake/core/base";
import { Answers, mostWaiting } from "./answers.ts";
import { Alarm } from "./alarm.ts";
import { PAUSE, readAsked, type Hold } from "./holds.ts";
import { agentFolder } from "./kept/files.ts";
import { takeLock, type Lock } from "./kept/lock.ts";
import { writeLog, type LogEntry } from "./kept/log.ts";
import type { Running } from "./kept/state.ts";
import { Memory } from "./memory.ts";
import { recorded } from "./plan/record.ts";
import { dueReminders, withReminded } from "./plan/remind.ts";
import type { News } from "./news.ts";
import { nextDueAt, nextWork, type Wanted, type Work } from "./plan/work.ts";
import { Guard } from "./round/guard.ts";
import { carryOut } from "./round/round.ts";
import { Watched } from "./watch/watched.ts";

/** What the agent says of what it does. */
export type Told =
  | { readonly type: "watching"; readonly sources: number }
  | { readonly type: "began"; readonly running: Running }
  | { readonly type: "ended"; readonly entry: LogEntry }
  | { readonly type: "held"; readonly hold: Hold }
  | { readonly type: "reminded"; readonly names: readonly string[]; readonly days: number }
  | ({ readonly type: "news" } & News);

export interface AgentOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Called with everything that a person may want to see happen. */
  readonly tell: (told: Told) => void;
  /** Shows a reminder on the person's screen. */
  readonly remind: (names: readonly string[], days: number) => Promise<void>;
  /** What is new at the servers. */
  readonly askServers: (signal: AbortSignal) => AsyncIterable<News>;
  /** Shows on the person's screen what is new at a server. */
  readonly showNews: (news: News) => Promise<void>;
}

/** Servers are asked so often what is new: whoever takes a membership over waits for days. */
const NEWS_MS = 30 * 60_000;
/** A server whose log is wrong is told of so often. */
const PROBLEM_MS = 24 * 3_600_000;
/** While something is held, and nobody can say until when. */
const HELD_MS = 60_000;
/** As long as a source changes, care waits, up to so long. */
const CARE_WAITS_MS = 600_000;
const PROGRESS_MS = 30_000;
/** A single round does not wait for a source that never comes to rest. */
const PATIENCE_TIMES = 10;

/** Keeps a vault up to date by itself: looks, backs up, reads again, rehearses, reminds. */
export class Agent implements AsyncDisposable {
  readonly #options: AgentOptions;
  readonly #lock: Lock;
  readonly #memory: Memory;
  readonly #guard: Guard;
  readonly #alarm: Alarm = new Alarm();
  readonly #watched: Watched;

  #settledAt: number;
  #newsAt = -Infinity;
  readonly #problemsAt: Map<string, number> = new Map();

  private constructor(options: AgentOptions, lock: Lock, memory: Memory, answers: Answers) {
    this.#settledAt = options.now();
    this.#options = options;
    this.#lock = lock;
    this.#memory = memory;
    this.#watched = new Watched(answers, () => this.#alarm.ring());
    this.#guard = new Guard(options.env, options.now);
  }

  /** Throws `agent.running` where another one is at work, `agent.bad-config` and `cli.no-store`. */
  static async start(options: AgentOptions): Promise<Agent> {
    const { env, now } = options;
    const lock = await takeLock(env);
    try {
      const answers = new Answers({ most: mostWaiting(env) });
      const agent = new Agent(options, lock, await Memory.load(env, answers), answers);
      await agent.#clearInterrupted();
      await agent.#memory.refresh(now());
      return agent;
    } catch (error) {
      await lock[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Works until the signal fires. */
  async run(): Promise<void> {
    const { signal, now } = this.#options;
    // What it starts inherits this: the person's own work comes first, and yet a busy machine is backed up.
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
    using _ = await this.#hearCommands();
    this.#tellWatching();
    while (!signal.aborted) {
      await this.#look();
      if (signal.aborted) break;
      const wanted = await this.#wanted();
      const work = nextWork(wanted, this.#memory.state, now());
      const hold = work && (await this.#tryWork(work));
      await this.#remind();
      await this.#news();
      if (work === undefined) await this.#setHeld(undefined);
      if (work === undefined || hold !== undefined)
        await this.#alarm.wait(this.#idleMs(wanted, hold), signal);
    }
  }

  /** Does once all that is due, and returns how each round ended; `hold` where something was held back. */
  async runOnce(): Promise<{ readonly rounds: readonly LogEntry[]; readonly hold: Hold | undefined }> {
    const { signal, now } = this.#options;
    this.#tellWatching();
    await this.#settle();
    const rounds: LogEntry[] = [];
    const tried = new Set<string>();
    let hold: Hold | undefined;
    while (!signal.aborted && hold === undefined) {
      const wanted = await this.#wanted();
      const { sources } = wanted;
      const left = sources.filter(({ source }) => !tried.has(source.name));
      const { state } = this.#memory;
      // Whoever asks for a round does not mean to wait for the next try.
      const backup = nextWork({ ...wanted, sources: left, copies: [] }, state, Number.MAX_VALUE);
      const work = backup ?? nextWork({ ...wanted, sources: [] }, state, now());
      if (work === undefined) break;
      if (work.work === "backup") tried.add(work.source.name);
      hold = await this.#tryWork(work, (entry) => rounds.push(entry));
    }
    await this.#remind();
    await this.#news();
    return { rounds, hold };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watched[Symbol.dispose]();
    await this.#lock[Symbol.asyncDispose]();
  }

  #tellWatching(): void {
    this.#options.tell({ type: "watching", sources: this.#memory.config.sources.length });
  }

  /** What the one before was at when it was killed is in the log as stopped. */
  async #clearInterrupted(): Promise<void> {
    const { running, ...state } = this.#memory.state;
    if (running === undefined) return;
    const { work, source, beganAt } = running;
    const end = { beganAt, endedAt: this.#options.now(), code: "base.aborted" };
    await writeLog(this.#options.env, { work, ...(source !== undefined && { source }), ...end });
    await this.#memory.set(state);
  }

  async #look(): Promise<void> {
    if (!(await this.#lock.isHeld())) throw new KeepsakeError("agent.running", { retry: "later" });
    await this.#memory.refresh(this.#options.now());
    this.#watched.configure(this.#memory.config);
    await this.#watched.look();
  }

  async #settle(): Promise<void> {
    const { signal, now } = this.#options;
    const until = now() + PATIENCE_TIMES * this.#memory.config.quietSeconds * 1000 + HELD_MS;
    do {
      await this.#look();
      if (this.#watched.isSettled) return;
      await this.#alarm.wait(this.#watched.dueInMs, signal);
    } while (!signal.aborted && now() < until);
  }

  async #wanted(): Promise<Wanted> {
    const { resumedAt } = await readAsked(this.#options.env, this.#options.now());
    const at = this.#options.now();
    if (this.#watched.isSettled) this.#settledAt = at;
    // Care gives way to what may be new, but not for ever.
    const isCareWelcome = at === this.#settledAt || at - this.#settledAt > CARE_WAITS_MS;
    const copies = isCareWelcome ? this.#memory.copies : [];
    return { sources: await this.#watched.seen(), copies, resumedAt };
  }

  #idleMs(wanted: Wanted, hold: Hold | undefined): number {
    const now = this.#options.now();
    const dueAt = hold === undefined ? nextDueAt(wanted, this.#memory.state) : (hold.until ?? now + HELD_MS);
    return Math.max(0, Math.min(this.#watched.dueInMs, dueAt - now, NEWS_MS));
  }

  /** Does it, unless something speaks against it, which is returned. */
  async #tryWork(work: Work, onEnd?: (entry: LogEntry) => void): Promise<Hold | undefined> {
    const { config } = this.#memory;
    const hold = await this.#guard.hold(config);
    await this.#setHeld(hold);
    if (hold !== undefined) return hold;
    const entry = await this.#work(work);
    onEnd?.(entry);
    return undefined;
  }

  async #setHeld(hold: Hold | undefined): Promise<void> {
    const { held, ...rest } = this.#memory.state;
    const { silent } = this.#watched;
    if (hold !== undefined && held?.reason !== hold.reason) this.#options.tell({ type: "held", hold });
    const unknown = this.#guard.unknown(this.#memory.config);
    await this.#memory.set({ ...rest, unknown, silent, ...(hold !== undefined && { held: hold }) });
  }

  async #work(work: Work): Promise<LogEntry> {
    const { env, now, tell } = this.#options;
    const running = runningOf(work, now());
    await this.#memory.set({ ...this.#memory.state, running });
    tell({ type: "began", running });
    const { end, lastMessageAt } = await this.#carryOut(work, running);
    const { running: _, ...state } = this.#memory.state;
    const { beganAt: __, ...about } = running;
    const entry: LogEntry = {
      work: about.work,
      ...(about.source !== undefined && { source: about.source }),
      ...end,
    };
    await writeLog(env, entry);
    const after = recorded(state, work, end);
    await this.#memory.set({ ...after, ...(lastMessageAt !== undefined && { lastMessageAt }) });
    tell({ type: "ended", entry });
    return entry;
  }

  async #carryOut(work: Work, running: Running): ReturnType<typeof carryOut> {
    const { env, now, signal } = this.#options;
    const memory = this.#memory;
    const store = work.work === "backup" ? await memory.store() : work.place;
    if (store === undefined)
      return { end: { beganAt: running.beganAt, endedAt: now(), code: "agent.stalled" } };
    const stop = new AbortController();
    using _ = this.#guard.watch(memory.config, () => stop.abort());
    let notedAt = now();
    // Awaited here: until then the guard watches.
    return await carryOut(work, {
      env,
      now,
      config: memory.config,
      store,
      signal: AbortSignal.any([signal, stop.signal]),
      onProgress(doneBytes, totalBytes) {
        if (now() - notedAt < PROGRESS_MS) return;
        notedAt = now();
        const total = totalBytes === undefined ? {} : { totalBytes };
        const set = memory.set({ ...memory.state, running: { ...running, doneBytes, ...total } });
        set.catch(() => undefined);
      },
    });
  }

  async #remind(): Promise<void> {
    const { env, now, tell, remind } = this.#options;
    const { config, state } = this.#memory;
    const at = now();
    const names = dueReminders(config, state, at);
    if (names.length === 0) return;
    await this.#memory.set(withReminded(state, names, at));
    for (const source of names)
      await writeLog(env, { work: "remind", source, beganAt: at, endedAt: at, code: "done" });
    tell({ type: "reminded", names, days: config.remindAfterDays });
    await remind(names, config.remindAfterDays);
  }

  async #news(): Promise<void> {
    const { env, now, tell, signal, askServers, showNews } = this.#options;
    const at = now();
    if (at - this.#newsAt < NEWS_MS && at >= this.#newsAt) return;
    this.#newsAt = at;
    for await (const news of askServers(signal)) {
      const { server, problem } = news;
      if (problem !== undefined && at - (this.#problemsAt.get(server) ?? -Infinity) < PROBLEM_MS) continue;
      if (problem !== undefined) this.#problemsAt.set(server, at);
      await writeLog(env, {
        work: "news",
        source: server,
        beganAt: at,
        endedAt: at,
        code: problem ?? "done",
      });
      tell({ type: "news", ...news });
      await showNews(news);
    }
  }

  /** Commands write files into the agent's folder: it looks as soon as one did. */
  async #hearCommands(): Promise<Disposable> {
    const folder = agentFolder(this.#options.env);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const heard = watch(folder, { persistent: false }, (_, name) => {
      if (name !== "config.json" && name !== PAUSE) return;
      this.#alarm.ring();
      this.#guard.nudge();
    });
    heard.on("error", () => heard.close());
    return { [Symbol.dispose]: () => heard.close() };
  }
}

function runningOf(work: Work, beganAt: number): Running {
  return { work: work.work, beganAt, ...(work.work === "backup" && { source: work.source.name }) };
}
