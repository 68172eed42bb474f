import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { logIn, type Contact } from "../../packages/core/src/client/index.ts";
import { loadOpaque } from "../../packages/core/src/client/member.ts";
import { beginReset, continueReset } from "../../packages/server/src/members/access/reset.ts";
import { countTry } from "../../packages/server/src/members/access/tries.ts";
import { sweepMembers } from "../../packages/server/src/members/sweep.ts";
import { freshDatabase } from "../../packages/server/testing/db/fresh.ts";
import { hasNpmPostgres } from "../../tools/parts/postgres-programs.ts";
import { postgresForTests } from "../../tools/parts/postgres.ts";
import { startReachableServer } from "./reachable.ts";
import { password } from "./serving.ts";

const opaque = await loadOpaque();
type Postgres = Awaited<ReturnType<typeof postgresForTests>>;
let postgres: Postgres | undefined;
const folders: string[] = [];
afterAll(async () => {
  await postgres?.[Symbol.asyncDispose]();
  for (const folder of folders) await rm(folder, { recursive: true });
});

const settingsOf = {
  SQLite: async () => ({}),
  PostgreSQL: async () => {
    postgres ??= await postgresForTests();
    const dayKeys = await mkdtemp(join(tmpdir(), "keepsake-day-keys-"));
    folders.push(dayKeys);
    return { KEEPSAKE_POSTGRES: await freshDatabase(postgres.url), KEEPSAKE_DAY_KEYS: dayKeys };
  },
} as const;
const tooMany = { code: "request.too-many", retry: "later" };
const wrongLogin = { code: "member.wrong-login" };

describe.each(["SQLite", "PostgreSQL"] as const)("on %s", (engine) => {
  const skipped = engine === "PostgreSQL" && !hasNpmPostgres();
  const start = async (clock?: { now: () => number }) =>
    startReachableServer(await settingsOf[engine](), clock);

  test.skipIf(skipped)("tries at once are counted one by one, and the waits grow and end", async () => {
    let nowMs = Date.now();
    await using server = await start({ now: () => nowMs });
    const guess = () => countTry(server.server, "totp", "a member");
    const many = await Promise.allSettled(Array.from({ length: 30 }, guess));
    expect(many.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
    const waits: number[] = [];
    for (let i = 0; i < 9; i += 1) {
      const waitMs = await guess().then(
        () => Number.NaN,
        (thrown: { details: { waitMs: number } }) => thrown.details.waitMs,
      );
      waits.push(waitMs);
      nowMs += waitMs;
      await guess();
    }
    expect(waits.map((ms) => ms / 1000)).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    nowMs += 25 * 3_600_000;
    await sweepMembers(server.server);
    expect(await server.server.db.query.selectFrom("try").select("id").execute()).toEqual([]);
    for (let i = 0; i < 5; i += 1) await guess();
  });

  test.skipIf(skipped)(
    "guesses at a password wait; the member's devices, and the member elsewhere, do not",
    async () => {
      let nowMs = Date.now();
      await using server = await start({ now: () => nowMs });
      const member = await server.newMember("guessed-at");
      const login = (given: string, name = "guessed-at") =>
        logIn(server.connection, { name, password: given, platform: "web" });
      for (let i = 0; i < 10; i += 1) await expect(login("wrong one")).rejects.toMatchObject(wrongLogin);
      await expect(login(password)).rejects.toMatchObject({ ...tooMany, details: { waitMs: 2000 } });
      // A name that nobody has is answered alike.
      for (let i = 0; i < 10; i += 1)
        await expect(login("wrong one", "nobody-here")).rejects.toMatchObject(wrongLogin);
      await expect(login(password, "nobody-here")).rejects.toMatchObject({
        ...tooMany,
        details: { waitMs: 2000 },
      });
      const answer = await fetch(`${server.url}/v1/login/start`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name: "guessed-at", startLoginRequest: "AAAA" }),
      });
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "2"]);
      await member.connection.call("POST /v1/vaults");
      nowMs += 2000;
      await login(password);
      await expect(login("wrong one")).rejects.toMatchObject(wrongLogin);
      await login(password);
    },
  );

  test.skipIf(skipped)(
    "a stranger keeps nobody from a code by asking for codes, and has few sent",
    async () => {
      let nowMs = Date.now();
      await using server = await start({ now: () => nowMs });
      const member = await server.newMember();
      const contact: Contact = { kind: "email", to: "reset@example.org" };
      await server.reach(member, contact);
      const ask = (from: string) => beginReset(server.server, { contact, language: "en", from });
      const sent = async (from: string) =>
        ask(from).then(
          () => true,
          () => false,
        );
      /** Strangers ask from so many places, each as often as it may, for a day; how many codes were sent for it. */
      const dayOf = async (places: number): Promise<number> => {
        nowMs += 25 * 3_600_000;
        let count = 0;
        for (let minute = 0; minute < 24 * 60; minute++, nowMs += 60_000)
          if (await sent(`203.0.113.${minute % places}`)) count++;
        return count;
      };
      expect(await dayOf(1)).toBeGreaterThan(10);
      await ask("198.51.100.1");
      expect(await dayOf(15)).toBeLessThan(60);
      await ask("198.51.100.2");
      // Who has a hundred places can make others wait, for an hour at most, and has no more sent for it.
      expect(await dayOf(100)).toBeLessThanOrEqual(80);
      nowMs += 3_600_000;
      await ask("198.51.100.3");
      // Who gave a right code back may ask at once.
      const registrationRequest = opaque.startRegistration({ password }).registrationRequest;
      nowMs += 25 * 3_600_000;
      const from = "198.51.100.4";
      const id = await ask(from);
      await server.toldAt(contact);
      const code = /\d{6}/.exec(server.mail.mails.findLast(({ to }) => to === contact.to)!.text)![0];
      await continueReset(server.server, { id, code, from, registrationRequest });
      for (let i = 0; i < 3; i++) await ask(from);
    },
    120_000,
  );

  test.skipIf(skipped)("codes to one contact come ever more seldom, whosever it is", async () => {
    let nowMs = Date.now();
    await using server = await start({ now: () => nowMs });
    const member = await server.newMember();
    const known: Contact = { kind: "email", to: "known@example.org" };
    await server.reach(member, known);
    nowMs += 25 * 3_600_000;
    for (const contact of [known, { kind: "email", to: "unknown@example.org" }] as const) {
      const ask = () => server.connection.call("POST /v1/reset/start", { body: { contact } });
      for (let i = 0; i < 3; i += 1) await ask();
      await expect(ask()).rejects.toMatchObject({ ...tooMany, details: { waitMs: 30_000 } });
    }
    nowMs += 30_000;
    await server.connection.call("POST /v1/reset/start", { body: { contact: known } });
    await server.toldAt(known);
    expect(server.mail.mails.filter(({ to }) => to === known.to)).toHaveLength(6);
  });
});
