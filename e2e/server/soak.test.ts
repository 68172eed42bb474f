import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scheduler } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { mapBounded } from "../../packages/core/src/base/index.ts";
import { randomOf } from "../../packages/core/testing/history/random.ts";
import { parseConfig } from "../../packages/server/src/config.ts";
import { openDb } from "../../packages/server/src/db/index.ts";
import { databaseOptions } from "../../packages/server/src/operator/database.ts";
import { freePort } from "../../packages/server/src/free-port.ts";
import { ServerProgram } from "./process.ts";
import { wrongCounts } from "./recount.ts";
import { hasScaledParts, startScaledParts } from "./scaled.ts";
import { SoakMember } from "./soak-member.ts";

/*
 * Members with several devices each use a server for an hour (in CI: seconds) in all the ways there are. For
 * two thirds of it nothing may fail, and what the server takes of memory and descriptors stays; then its processes are
 * stopped and killed again and again. In the end all that was acknowledged is there, and every count is what a recount
 * gives. `npm run soak -- --server --minutes N`
 */
const isSoak = process.env["KEEPSAKE_SOAK"] === "1";
const minutes = Number(process.env["KEEPSAKE_SOAK_MINUTES"] ?? (isSoak ? 60 : 0.25));
const MEMBERS = isSoak ? 24 : 6;
const DEVICES = 2;
const RESTART_MS = isSoak ? 20_000 : 3000;
const DOWN_MS = 500;
/** What memory may grow by from the second quarter of the steady part to the last: garbage comes and goes. */
const GROWTH = { share: 0.25, bytes: 64_000_000 };
const SPARE_FILES = 8;

type Settings = Readonly<Record<string, string>>;

interface Taken {
  readonly bytes: number;
  readonly files: number;
}

/** What a process has at a time; undefined where the system does not say. */
async function taken(pid: number): Promise<Taken | undefined> {
  if (process.platform !== "linux") return undefined;
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const bytes = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  return { bytes, files: (await readdir(`/proc/${pid}/fd`)).length };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

class Soak {
  readonly #programs: readonly ServerProgram[];
  readonly #members: readonly SoakMember[];
  #isEnd = false;
  #mayFail = false;

  constructor(programs: readonly ServerProgram[], members: readonly SoakMember[]) {
    this.#programs = programs;
    this.#members = members;
  }

  /** The members live until the time is over; the first that finds something wrong ends it. Gives the steady part. */
  async run(totalMs: number): Promise<readonly Taken[]> {
    const lives = this.#members.flatMap((member) =>
      Array.from({ length: DEVICES }, () =>
        member.live(
          () => this.#isEnd,
          () => this.#mayFail,
        ),
      ),
    );
    const failed = Promise.all(lives).finally(() => (this.#isEnd = true));
    const course = (async () => {
      const samples = await this.#steady((totalMs * 2) / 3);
      await this.#restarted(totalMs / 3);
      return samples;
    })().finally(() => (this.#isEnd = true));
    const [samples] = await Promise.all([course, failed]);
    return samples;
  }

  async #steady(ms: number): Promise<readonly Taken[]> {
    const samples: Taken[] = [];
    const untilMs = Date.now() + ms;
    for (
      let shownMs = 0;
      Date.now() < untilMs && !this.#isEnd;
      await scheduler.wait(Math.min(1000, ms / 40))
    ) {
      const now = await taken(this.#programs[0]!.pid);
      if (now !== undefined) samples.push(now);
      if (isSoak && Date.now() - shownMs > 60_000) {
        shownMs = Date.now();
        this.#show(now);
      }
    }
    return samples;
  }

  /** One process after the other is stopped or killed, is away for a moment, and comes back. */
  async #restarted(ms: number): Promise<void> {
    this.#mayFail = true;
    const untilMs = Date.now() + ms;
    for (let i = 0; Date.now() < untilMs && !this.#isEnd; i++) {
      const program = this.#programs[i % this.#programs.length]!;
      await program.end(i % 3 === 2 ? "SIGTERM" : "SIGKILL");
      await scheduler.wait(DOWN_MS);
      await program.start();
      if (isSoak) this.#show(undefined);
      await scheduler.wait(Math.min(RESTART_MS, Math.max(0, untilMs - Date.now())));
    }
  }

  #show(now: Taken | undefined): void {
    const sum = (name: "requests" | "uncertain"): number =>
      this.#members.reduce((all, { deeds }) => all + deeds[name], 0);
    const size = now === undefined ? "restarted" : `${Math.round(now.bytes / 1e6)} MB, ${now.files} files`;
    process.stdout.write(
      `${new Date().toISOString()} ${sum("requests")} deeds, ${sum("uncertain")} uncertain, ${size}\n`,
    );
  }
}

/** What a process takes of memory and descriptors in the last quarter is about what it took in the second. */
function expectFlat(samples: readonly Taken[]): void {
  const quarter = samples.length >> 2;
  if (quarter < 2) return;
  const [second, last] = [samples.slice(quarter, 2 * quarter), samples.slice(-quarter)];
  const of = (name: keyof Taken, from: readonly Taken[]): number => median(from.map((each) => each[name]));
  expect(of("bytes", last)).toBeLessThan(of("bytes", second) * (1 + GROWTH.share) + GROWTH.bytes);
  // Each device has a connection or two under way.
  expect(of("files", last)).toBeLessThan(of("files", second) + MEMBERS * DEVICES + SPARE_FILES);
}

/** What a server said last, for whoever looks for the cause of a failure. */
function lastLines(said: string): string {
  return said.split("\n").slice(-20).join("\n");
}

async function soak(settings: Settings, processes: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "keepsake-soak-"));
  const common = {
    KEEPSAKE_DATA: folder,
    KEEPSAKE_SIGN_UP: "open",
    KEEPSAKE_REQUESTS_PER_ADDRESS: "100000",
    KEEPSAKE_REQUESTS_PER_MEMBER: "100000",
    ...settings,
  };
  const programs: ServerProgram[] = [];
  onTestFinished(async () => {
    for (const program of programs) await program.end("SIGKILL");
    await rm(folder, { recursive: true });
  });
  const urls: string[] = [];
  for (let i = 0; i < processes; i++) {
    const program = new ServerProgram({ ...common, KEEPSAKE_PORT: String(await freePort()) });
    programs.push(program);
    urls.push(await program.start());
  }
  const members = await Promise.all(
    Array.from({ length: MEMBERS }, (_, i) =>
      SoakMember.signUp({ urls, random: randomOf("soak", isSoak ? Date.now() : 1, i) }),
    ),
  );
  try {
    expectFlat(await new Soak(programs, members).run(minutes * 60_000));
  } catch (error) {
    for (const { said } of programs) process.stdout.write(`${lastLines(said)}\n\n`);
    throw error;
  }
  for await (const _ of mapBounded(members, 4, (member) => member.isWhole())) continue;
  for (const program of programs) await program.end("SIGTERM");
  const said = programs.map((program) => program.said).join("");
  expect(said.match(/.*"event":"(?:fault|cut)".*/g) ?? []).toEqual([]);
  const db = await openDb(databaseOptions(parseConfig(common)));
  try {
    expect(await wrongCounts(db.query)).toEqual([]);
  } finally {
    await db.close();
  }
}

/** In the end all that was ever backed up is read again. */
const timeout = 2 * minutes * 60_000 + 300_000;

describe("members who use it all the time", () => {
  test("lose nothing on embedded parts", { timeout }, () => soak({}, 1));

  test.skipIf(!hasScaledParts())(
    "lose nothing by two processes on PostgreSQL and S3",
    { timeout },
    async () => {
      const parts = await startScaledParts();
      onTestFinished(() => parts[Symbol.asyncDispose]());
      await soak(await parts.fresh(), 2);
    },
  );
});
