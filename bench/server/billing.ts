import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Books } from "../../packages/server/src/billing/books/books.ts";
import { goRound } from "../../packages/server/src/billing/books/round/round.ts";
import { dayOf, startOf } from "../../packages/server/src/billing/dealing/calendar.ts";
import type { Entry } from "../../packages/server/src/billing/dealing/deeds.ts";
import { lookDayAfter } from "../../packages/server/src/billing/dealing/renewal.ts";
import { subscriptionOf, type Subscription } from "../../packages/server/src/billing/dealing/subscription.ts";
import type { Bought, Statement } from "../../packages/server/src/billing/dealing/statements.ts";
import type { Provider } from "../../packages/server/src/billing/providers/provider.ts";
import { newSubscription } from "../../packages/server/src/billing/providers/names.ts";
import { startWechat } from "../../packages/server/src/billing/simulators/wechat/simulator.ts";
import { parseConfig } from "../../packages/server/src/config.ts";
import { randomId } from "../../packages/server/src/keys/ids.ts";
import { indexOf, seal } from "../../packages/server/src/keys/sealed.ts";
import { openServer } from "../../packages/server/src/serve.ts";
import type { Server } from "../../packages/server/src/server.ts";
import { analyze, freshDatabase } from "../../packages/server/testing/db/fresh.ts";
import { postgresForTests } from "../../tools/parts/postgres.ts";
import { headOf, writeSection } from "../report.ts";

/*
 * npm run bench:billing: the daily round over a million subscriptions that renew by the month, on PostgreSQL (18, from
 * npm) on this machine. On each day one in thirty is told of its next charge, one in thirty is announced to its
 * provider, and one in thirty is charged; the first charges come on the eighth day. What providers take for their answers
 * is not in it: here one answers at once. --subscriptions, --days, --write puts it into docs/BENCHMARKS.md.
 */

const { values } = parseArgs({
  options: {
    subscriptions: { type: "string", default: "1000000" },
    days: { type: "string", default: "11" },
    write: { type: "boolean", default: false },
  },
});
const subscriptions = Number(values.subscriptions);
const days = Number(values.days);
const BATCH = 500;
const MONTH = 30;
const SEALED = "billing";
const amounts = { amountMinor: 800, storeFeeMinor: 0, creditMinor: 0, extraDays: 0, renewalMinor: 800 };

const paidCharge = {
  state: "paid" as const,
  amountMinor: 800,
  currency: "CNY",
  tried: "[]",
  announcedDay: 0,
  refund: "",
  refundMinor: 0,
  refundDay: 0,
};

const clock = {
  nowMs: Date.parse("2027-03-10T02:00:00Z"),
  now() {
    return this.nowMs;
  },
};
const folder = await mkdtemp(join(tmpdir(), "keepsake-bench-billing-"));
await using postgres = await postgresForTests();
await using wechat = await startWechat({ clock, hears: "http://127.0.0.1:9/none" });
const payments = join(folder, "payments.json");
await writeFile(payments, JSON.stringify({ mode: "test", ...wechat.settings }), { mode: 0o600 });
const server = await openServer(
  parseConfig({
    KEEPSAKE_DATA: folder,
    KEEPSAKE_DAY_KEYS: join(folder, "day-keys"),
    KEEPSAKE_PAYMENTS: payments,
    KEEPSAKE_POSTGRES: await freshDatabase(postgres.url),
  }),
  { log: () => undefined, clock },
);
try {
  const startedMs = performance.now();
  await fill(server);
  // As a database does by itself after a while.
  await analyze(server.db);
  const books: Books = { ...server, providers: new Map(server.providers).set("wechat", answering(server)) };
  console.error(`filled in ${Math.round((performance.now() - startedMs) / 1000)} s`);
  const rows: string[] = [];
  for (let day = 0; day < days; day++, clock.nowMs += startOf(1)) {
    const beganMs = performance.now();
    const cpu = process.cpuUsage();
    const did = await goRound(books);
    const wallS = (performance.now() - beganMs) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const counts = Object.entries(did)
      .map(([what, count]) => `${what} ${count.toLocaleString("en")}`)
      .join(", ");
    rows.push(`| ${day + 1} | ${counts} | ${wallS.toFixed(1)} | ${((user + system) / 1e6).toFixed(1)} |`);
    console.error(rows.at(-1));
    await deliverAll(server);
  }
  const report = [
    ...headOf([`--subscriptions ${subscriptions} --days ${days}`], "bench:billing"),
    `${subscriptions.toLocaleString("en")} subscriptions by the month that renew by an agreement, each of an account of its own with a mail address, their ends spread over the month: each day one in thirty is told of its next charge, on the first day those of two; some days later they are announced to their provider, and then charged, so that in the end all three come on each day. PostgreSQL 18 on the same machine. What providers take for their answers is not in it: here one answers at once. The aim is 60 s a day.`,
    "",
    "| day | done | s | CPU s of the server's process |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ];
  console.log(report.join("\n"));
  if (values.write)
    await writeSection(
      new URL("../../docs/BENCHMARKS.md", import.meta.url),
      "The daily round of subscriptions",
      report,
    );
} finally {
  await server.db.close();
  await rm(folder, { recursive: true });
}

/** A provider that has said yes before one asks. */
function answering({ providers }: Server): Provider {
  const wechat = providers.get("wechat")!;
  const paid = new Map<string, Statement[]>();
  const answer: Partial<Provider> = {
    agreements: {
      announceDays: wechat.agreements!.announceDays,
      announce: () => Promise.resolve(),
      mostMinor: () => Promise.resolve(undefined),
      charge: ({ subscription, charge, amountMinor, currency }) => {
        const said = paid.get(subscription) ?? [];
        said.push({ kind: "paid", id: charge, atMs: clock.nowMs, charge, amountMinor, currency });
        paid.set(subscription, said);
        return Promise.resolve();
      },
    },
    look: ({ subscription }) =>
      Promise.resolve([
        ...(paid.get(subscription) ?? []),
        { kind: "standing", id: `at ${clock.nowMs}`, atMs: clock.nowMs, isPending: false, renews: true },
      ]),
  };
  return Object.assign(Object.create(wechat) as Provider, answer);
}

/** What the mail server and the devices do in the course of a day. */
async function deliverAll({ db }: Server): Promise<void> {
  await db.query
    .updateTable("billNotice")
    .set({ state: "delivered", deliveredDay: dayOf(clock.nowMs) })
    .where("state", "=", "queued")
    .execute();
  await db.query.deleteFrom("job").where("kind", "=", "billing-notice").execute();
}

interface Made {
  readonly id: string;
  readonly account: string;
  readonly sinceDay: number;
  readonly log: readonly Entry[];
  readonly subscription: Subscription;
}

/** One that was paid some days ago, and renews. */
function make(number: number, today: number, bought: Bought): Made {
  const id = newSubscription();
  const sinceDay = today - MONTH + 9 + (number % MONTH);
  const atMs = startOf(sinceDay);
  const charge = `${id}-1`;
  const log: Entry[] = [
    { kind: "asked", id: charge, atMs, charge, bought, ...amounts },
    { kind: "renewal", id: "at first", atMs, isOn: true },
    { kind: "paid", id: charge, atMs, charge, amountMinor: 800, currency: "CNY" },
    { kind: "standing", id: "standing", atMs, isPending: false, renews: true },
  ];
  const subscription = subscriptionOf({ bought, renewal: "ours", graceDays: 14 }, log);
  return { id, account: randomId(), sinceDay, log, subscription };
}

async function fill({ db, secrets, catalogues }: Server): Promise<void> {
  const today = dayOf(clock.nowMs);
  const { version: catalogue } = await catalogues.current();
  const bought = { catalogue, plan: "gb-50", period: "month" } as const;
  const sealed = (text: string): Uint8Array => seal(secrets, SEALED, Buffer.from(text));
  for (let done = 0; done < subscriptions; done += BATCH) {
    const made = Array.from({ length: Math.min(BATCH, subscriptions - done) }, (_, i) =>
      make(done + i, today, bought),
    );
    await db.transaction(async (query) => {
      await query
        .insertInto("account")
        .values(made.map(({ account }) => ({ id: account, publicKey: account, language: "en" })))
        .execute();
      await query
        .insertInto("accountContact")
        .values(
          made.map(({ account }) => {
            return {
              id: randomId(),
              account,
              kind: "email" as const,
              sealed: sealed(`${account}@example.org`),
            };
          }),
        )
        .execute();
      await query
        .insertInto("subscription")
        .values(made.map((each) => rowOf(each, { bought, today, reference: sealed(each.id) })))
        .execute();
      await query
        .insertInto("subscriptionEntry")
        .values(
          made.flatMap(({ id, log, sinceDay }) =>
            log.map((entry) => ({
              subscription: id,
              entry: indexOf(secrets, "billing-entry", `${id} ${entry.kind} ${entry.id}`),
              kind: entry.kind,
              day: sinceDay,
              sealed: sealed(JSON.stringify(entry)),
            })),
          ),
        )
        .execute();
      await query
        .insertInto("charge")
        .values(
          made.map(({ id, sinceDay }) => ({
            name: `${id}-1`,
            subscription: id,
            dueDay: sinceDay,
            ...paidCharge,
          })),
        )
        .execute();
    });
    if (done % 100_000 === 0) console.error(`${done} subscriptions`);
  }
}

function rowOf(
  { id, account, sinceDay, log, subscription }: Made,
  {
    bought,
    today,
    reference,
  }: { readonly bought: Bought; readonly today: number; readonly reference: Uint8Array },
) {
  return {
    id,
    account,
    provider: "wechat",
    channel: "web",
    referenceIndex: randomId(),
    reference,
    ...bought,
    sinceDay,
    untilDay: subscription.untilDay,
    text: JSON.stringify(subscription),
    entries: log.length,
    lookDay: lookDayAfter(subscription, today, sinceDay),
    replaces: "",
    isGift: 0,
  };
}
