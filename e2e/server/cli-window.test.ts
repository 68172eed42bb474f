import { writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { randomId } from "../../packages/server/src/keys/ids.ts";
import { newMachine, type Machine } from "../cli-process.ts";
import { ladder, ladderHistory } from "./pay/ladder.ts";
import { movedClock, startSelling, type Selling } from "./paying.ts";
import { password, type Member } from "./serving.ts";

/* A plan that reaches back only so far, as the command line applies it. */

const DAY_MS = 24 * 60 * 60_000;
const slow = { timeout: 240_000 };

let selling: Selling;
let operator: Member;
let machine: Machine & AsyncDisposable;
beforeEach(async () => {
  machine = await newMachine({ KEEPSAKE_LOGIN_PASSWORD: password });
  const plans = machine.path("plans.json");
  await writeFile(plans, JSON.stringify(ladder));
  // The command line goes by the machine's clock.
  selling = await startSelling([], movedClock(Date.now()), { KEEPSAKE_PLANS: plans });
  operator = await selling.server.newOperator();
  await machine.makeExport("phone", ladderHistory());
  await machine.json(["login", selling.server.url, "--sign-up"]);
  await machine.run(["init", selling.server.url, "--kit-file", "kit.txt"]);
});
afterEach(async () => {
  await machine[Symbol.asyncDispose]();
  await selling[Symbol.asyncDispose]();
});

const plan = (...more: string[]) => machine.json(["plan", selling.server.url, ...more]);
const shown = async (...args: string[]) => (await machine.json(args)).events;

/** Begins to buy a plan by a transfer, which then arrives. */
async function payFor(id: string): Promise<void> {
  const args = ["--buy", id, "--period", "month", "--way", "manual", "--yes"];
  expect((await plan(...args)).result).toMatchObject({ ok: true });
  const { transfers } = await operator.connection.call("GET /v1/operator/pay/waiting");
  const { subscription, amountMinor } = transfers[0]!;
  const body = { subscription, name: `seen ${id}`, amountMinor };
  await operator.connection.call("POST /v1/operator/pay/seen", { body });
}

interface Chat {
  readonly chat: string;
  readonly title: string;
  readonly messages: number;
}
const chats = async () => (await shown("chats")).filter(({ type }) => type === "chat") as unknown as Chat[];
const messagesOf = async (chat: string) =>
  (await shown("show", chat, "--limit", "1000")).filter(({ type }) => type === "message");
/** What is found of a message in its chat, by its text. */
const hits = async (text: string) => (await shown("search", text)).filter(({ type }) => type === "hit");

test(
  "what is older than a plan's window is shown, goes on consent, and can be taken back",
  slow,
  async () => {
    await machine.json(["backup", "phone", "--name", "phone"]);
    await payFor("days-30");
    const before = await chats();
    const [chosen, other, third] = before;
    const whole = await messagesOf(chosen!.chat);

    const old = (await messagesOf(other!.chat))
      .map((each) => String(each["text"]))
      .find((text) => text.length > 8)!;
    expect((await hits(old)).length).toBeGreaterThan(0);

    const tooMany = await plan("--window", "--keep", chosen!.chat, other!.chat, "--yes");
    expect(tooMany.result).toMatchObject({
      code: "history.too-many-for-ever",
      exit: 2,
      details: { most: 1, chosen: 2 },
    });
    expect((await plan("--keep", chosen!.chat)).result).toMatchObject({ code: "cli.usage" });

    const preview = await plan("--window", "--keep", chosen!.chat);
    expect(preview.result).toMatchObject({ ok: false, code: "cli.not-confirmed" });
    expect(preview.events).toContainEqual(
      expect.objectContaining({ type: "window", plan: "days-30", window: { days: 30, chatsForEver: 1 } }),
    );
    const leaving = preview.events.filter(({ type }) => type === "forget");
    expect(new Set(leaving.map(({ chat }) => chat))).toEqual(new Set([other!.chat, third!.chat]));
    const until = Date.now() - 30 * DAY_MS;
    for (const { first, last } of leaving) {
      expect(first).toBeLessThan(last as number);
      expect(last).toBeLessThan(until);
    }
    expect(await chats()).toEqual(before);

    // The choice is remembered.
    const told = await machine.run(["plan", selling.server.url, "--window"]);
    expect(told.stderr).toMatch(/reaches 30 days back/);
    expect(told.stdout).toContain(`kept for ever: ${chosen!.title}`);
    expect(told.stderr).toMatch(/may be the only one/);
    expect(told.stderr).toMatch(/keepsake\sexport FOLDER --store .* --until/s);
    expect(told.stderr).toMatch(/only copy is on a server/);
    const inChinese = await machine.run(["plan", selling.server.url, "--window", "--lang", "zh"]);
    expect(inChinese.stderr).toMatch(/保留最近 30 天/);

    const done = await machine.run(["plan", selling.server.url, "--window", "--yes"]);
    expect(done.stderr).toMatch(/keepsake\s+undo --store/);
    expect(done.exit).toBe(0);
    expect(await messagesOf(chosen!.chat)).toEqual(whole);
    expect(await hits(old)).toEqual([]);
    const left = await messagesOf(other!.chat);
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(other!.messages);
    const times = left.map((each) => (each["time"] as { sent: number }).sent);
    expect(times.every((sent) => sent >= until)).toBe(true);
    const again = await plan("--window", "--yes");
    expect(again.result).toMatchObject({ ok: true, messages: 0, keptForEver: 1 });

    expect((await machine.json(["undo", "--store", selling.server.url, "--yes"])).result).toMatchObject({
      ok: true,
      verb: "forget-messages",
    });
    expect(await chats()).toEqual(before);
  },
);

test(
  "who has a plan keeps the window with which it was bought, whatever the catalogue says later",
  slow,
  async () => {
    await machine.json(["backup", "phone", "--name", "phone"]);
    await payFor("days-30");
    const windowOf = async () => {
      const { events } = await plan("--window");
      const { plan: id, window } = events.find(({ type }) => type === "window")!;
      return { id, window };
    };
    const take = async (version: number, plans: typeof ladder.plans) => {
      await writeFile(machine.path("plans.json"), JSON.stringify({ ...ladder, version, plans }));
      const { connection } = selling.server;
      const current = async () => (await connection.call("GET /v1/plans")).version;
      await expect.poll(current, { timeout: 20_000 }).toBe(version);
    };
    const had = { id: "days-30", window: { days: 30, chatsForEver: 1 } };
    expect(await windowOf()).toEqual(had);
    const shorter = { name: { zh: "漫游 10 天", en: "Roaming, 10 days" }, days: 10 };
    const less = ladder.plans.map((each) =>
      each.id === "days-30" || each.id === "days-7"
        ? { ...each, name: shorter.name, room: { ...each.room, window: { days: 10, chatsForEver: 0 } } }
        : each,
    );
    await take(3, less);
    expect(await windowOf()).toEqual(had);
    // Also where it is not sold any more.
    await take(
      4,
      less.filter(({ id }) => id !== "days-30"),
    );
    expect(await windowOf()).toEqual(had);
    const told = await machine.run(["plan", selling.server.url, "--window"]);
    expect(told.stderr).toMatch(/Roaming, 30 days: it reaches 30 days back/);
    // Who has none has the free plan as it is now.
    const { payer } = await selling.newPayer(7);
    expect(await payer.call("GET /v1/pay/account")).not.toHaveProperty("reach");
  },
);

test("a plan that keeps all lets backups bring back what left by an earlier window", slow, async () => {
  await machine.json(["backup", "phone", "--name", "phone"]);
  const before = await chats();
  // Without a paid plan it is the free one that counts.
  const free = await plan("--window", "--yes");
  expect(free.events).toContainEqual(expect.objectContaining({ type: "window", plan: "days-7" }));
  expect((await chats()).reduce((sum, { messages }) => sum + messages, 0)).toBeLessThan(300);
  await payFor("all");
  // What is had beside a plan has no window.
  await payFor("more-50gb");
  const all = await machine.run(["plan", selling.server.url, "--window"]);
  expect(all.stderr).toMatch(/There is nothing to do/);
  expect(all.stderr).toMatch(/stored again by the next backup/);
  expect((await plan("--window")).result).toMatchObject({ ok: true, window: "all", isLifted: false });
  await machine.json(["backup", "phone", "--name", "phone"]);
  expect(await chats()).toEqual(before);
});

test("a copy that was backed up into is brought level, and goes no other way", slow, async () => {
  await machine.json(["backup", "phone", "--name", "phone"]);
  await machine.json(["copy", "--to", "disk"]);
  const before = await chats();
  const done = await machine.run(["plan", selling.server.url, "--window", "--yes"]);
  expect(done.stderr).toMatch(/Other copies of the vault still have it/);
  const onDisk = ["--store", "disk"];
  expect((await shown("chats", ...onDisk)).filter(({ type }) => type === "chat")).toEqual(before);
  expect((await machine.json(["sync", ...onDisk])).result).toMatchObject({ ok: true, level: 1 });
  expect((await shown("chats", ...onDisk)).filter(({ type }) => type === "chat")).toEqual(await chats());
  const again = await machine.json(["backup", "phone", "--name", "phone", ...onDisk]);
  expect(again.result).toMatchObject({ ok: true, copies: { level: 1, of: 1 } });
  expect(await chats()).not.toEqual(before);
});

test("check tells files that a server put away for want of payment from a whole vault", slow, async () => {
  await payFor("all");
  await plan();
  await machine.json(["backup", "phone", "--name", "phone"]);
  const check = ["check", "--store", selling.server.url];
  expect((await machine.json(check)).result).toMatchObject({ ok: true, code: "done", exit: 0 });
  const { query } = selling.server.server.db;
  const dated = await query.selectFrom("object").selectAll().where("week", ">", 0).execute();
  const keptUntil = Math.floor(Date.now() / DAY_MS) + 30;
  for (const object of dated) {
    await query.deleteFrom("object").where("name", "=", object.name).execute();
    const line = { id: randomId(), removedMs: Date.now(), session: "", keptUntil };
    await query
      .insertInto("trash")
      .values({ ...object, ...line })
      .execute();
  }
  const lost = await machine.json(check);
  expect(lost.result).toMatchObject({ ok: false, code: "cli.partly", exit: 3, damages: 0 });
  expect(lost.result["goneFiles"]).toBeGreaterThan(0);
  const told = await machine.run(check);
  expect(told.stderr).toMatch(/All else is well/);
  expect(told.exit).toBe(3);
});
