import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addContact, type Connection } from "../../packages/core/src/client/index.ts";
import { bringLevel, tryPlan } from "../../packages/core/src/client/plans/index.ts";
import { rowsOf } from "../../packages/server/testing/db/fill.ts";
import { startMailSink, type MailSink } from "../../packages/server/testing/mail.ts";
import { startSelling, type Selling } from "./paying.ts";
import type { Member } from "./serving.ts";

/*
 * People who try, buy, pay, give to each other, ask for bills and hear of charges at the same address at which they hear
 * of their storage. Then somebody has the whole database, and knows how all of it works: no row of who pays leads to a row of who stores.
 */

const PEOPLE = 6;
const DAY_MS = 24 * 60 * 60_000;

let mail: MailSink;
let selling: Selling;
let operator: Member;
beforeEach(async () => {
  mail = await startMailSink();
  selling = await startSelling([], undefined, {
    KEEPSAKE_MAIL_SERVER: mail.url,
    KEEPSAKE_MAIL_FROM: "keepsake@example.org",
  });
  operator = await selling.server.newOperator();
});
afterEach(async () => {
  await selling[Symbol.asyncDispose]();
  await mail[Symbol.asyncDispose]();
});

/** The code that comes as the so manieth to an address. */
async function codeSentTo(to: string, number: number): Promise<string> {
  const codes = (): string[] =>
    mail.mails.filter((each) => each.to === to).flatMap(({ text }) => /^\d{6}/.exec(text)?.[0] ?? []);
  await expect.poll(codes, { timeout: 15_000 }).toHaveLength(number);
  return codes()[number - 1]!;
}

/** A gift on its way: whose it is, and what it is redeemed for. */
interface Handed {
  readonly code: string;
  readonly gift: string;
  redeemed: string;
}

/** One person's whole way, on both sides: they redeem what the person before gave them, and give to the next. */
async function live(number: number, given: Handed | undefined): Promise<Handed> {
  const to = `person-${number}@example.org`;
  const member = await selling.server.newMember();
  await addContact(member.connection, { kind: "email", to }, () => codeSentTo(to, 1));
  const { payer, seed } = await selling.newPayer(number + 1);
  await tryPlan("gb-50", { payer, member: member.connection, seed, knownKey: undefined });
  await bringLevel({ payer, member: member.connection, seed, kept: undefined, now: selling.clock.nowMs });
  const { id } = await payer.call("POST /v1/pay/subscriptions", {
    body: {
      plan: "gb-50",
      period: "year",
      channel: "web",
      provider: "manual",
      renews: false,
      screen: "page",
      returnUrl: "https://keepsake.example/#/plan",
    },
  });
  const contact = await payer.call("POST /v1/pay/contacts", { body: { contact: { kind: "email", to } } });
  await payer.call("PUT /v1/pay/contacts/{id}", {
    params: { id: contact.id },
    body: { code: await codeSentTo(to, 2) },
  });
  await operator.connection.call("POST /v1/operator/pay/seen", {
    body: { subscription: id, name: `booking ${number}`, amountMinor: 8_000 },
  });
  const { receipts } = await payer.call("GET /v1/pay/receipts");
  const paid = receipts.find(({ isTrial }) => !isTrial)!;
  await payer.call("POST /v1/pay/invoices", {
    body: { charge: paid.charge, title: `Person ${number}`, taxNumber: "", email: to },
  });
  if (given !== undefined)
    given.redeemed = (await payer.call("POST /v1/pay/codes", { body: { code: given.code } })).id;
  await bringLevel({
    payer,
    member: member.connection,
    seed,
    kept: undefined,
    now: selling.clock.nowMs,
  });
  return give(payer);
}

async function give(payer: Connection): Promise<Handed> {
  const { id: gift } = await payer.call("POST /v1/pay/subscriptions", {
    body: {
      plan: "gb-50",
      period: "year",
      channel: "web",
      provider: "manual",
      isGift: true,
      renews: false,
      screen: "page",
      returnUrl: "https://keepsake.example/#/plan",
    },
  });
  const body = { subscription: gift, name: `booking of ${gift}`, amountMinor: 8_000 };
  await operator.connection.call("POST /v1/operator/pay/seen", { body });
  const { code } = await payer.call("POST /v1/pay/subscriptions/{id}/gift", { params: { id: gift } });
  return { code, gift, redeemed: "" };
}

type Row = Readonly<Record<string, unknown>>;

const paying = new Set([
  "account",
  "accountContact",
  "subscription",
  "subscriptionEntry",
  "charge",
  "seenPayment",
  "ledger",
  "billNotice",
  "giftCode",
  "proofCode",
  "invoice",
  "seat",
  "heardCall",
  "reconciliation",
  "ticketIssue",
  "spentTrial",
]);
/** Of the operator and of the server itself. */
const neither = new Set(["fact", "catalogue", "operatorEnd"]);

/** Of which side a row is; what is of both would join them. */
function sideOf(table: string, row: Row): "pays" | "stores" | "neither" {
  if (neither.has(table)) return "neither";
  if (table === "job") return String(row["kind"]).startsWith("billing") ? "pays" : "stores";
  if (table === "operatorEvent") return row["kind"] === "payment-seen" ? "pays" : "stores";
  if (table === "code") return row["purpose"] === "bill-contact" ? "pays" : "stores";
  return paying.has(table) ? "pays" : "stores";
}

/** Values long enough not to meet by chance, out of JSON too, as they are and hashed. */
function valuesOf(row: Row): string[] {
  const texts = Object.values(row).flatMap((value) => {
    if (value instanceof Uint8Array) return [Buffer.from(value).toString("hex")];
    const text = String(value);
    return [text, ...text.split(/[^A-Za-z0-9_.@+-]+/)];
  });
  const long = texts.filter((text) => text.length >= 8 && !/^(?:1[78]\d{11}|0+)$/.test(text));
  return long.flatMap((text) => [text, createHash("sha256").update(text).digest("hex")]);
}

interface Sides {
  /** Values with a table that has them. */
  readonly pays: Map<string, string>;
  readonly stores: Map<string, string>;
  readonly rows: Record<"pays" | "stores" | "neither", number>;
}

async function dump(): Promise<Sides> {
  const { db } = selling.server.server;
  const sides: Sides = { pays: new Map(), stores: new Map(), rows: { pays: 0, stores: 0, neither: 0 } };
  for (const [name, all] of await rowsOf(db))
    for (const row of all as readonly Row[]) {
      const side = sideOf(name, row);
      sides.rows[side]++;
      if (side === "neither") continue;
      for (const value of valuesOf(row)) sides[side].set(value, name);
      // No row of the paying side's own tables has a time of day.
      if (paying.has(name)) expect([name, Object.values(row).some(isTime)]).toEqual([name, false]);
    }
  return sides;
}

/** Nothing on the paying side leads from who gave something to who redeemed it. */
async function expectGiftsApart(gifts: readonly Handed[]): Promise<void> {
  expect(gifts).toHaveLength(PEOPLE - 1);
  const { db } = selling.server.server;
  const owners = await db.query.selectFrom("subscription").select(["id", "account"]).execute();
  const namesOf = (id: string): string[] => [id, owners.find((each) => each.id === id)!.account];
  const all = [...(await rowsOf(db))].flatMap(([, rows]) => (rows as readonly Row[]).map(valuesOf));
  for (const { gift, redeemed } of gifts) {
    const [ofGiver, ofOther] = [namesOf(gift), namesOf(redeemed)].map((names) =>
      all.filter((values) => values.some((value) => names.includes(value))),
    ) as [string[][], string[][]];
    expect([ofGiver.length, ofOther.length].every((count) => count > 3)).toBe(true);
    expect(ofGiver.filter((row) => ofOther.includes(row))).toEqual([]);
  }
}

function isTime(value: unknown): boolean {
  return typeof value === "number" && value > 1e12 && value < 3e12;
}

test("a dump of everything joins no bill and no payment to a member or a vault", async () => {
  const gifts: Handed[] = [];
  for (let number = 1; number <= PEOPLE; number++) {
    gifts.push(await live(number, gifts.at(-1)));
    selling.clock.nowMs += DAY_MS / 4;
  }
  await expectGiftsApart(gifts.filter(({ redeemed }) => redeemed !== ""));
  const { pays, stores, rows } = await dump();
  expect(rows.pays).toBeGreaterThan(PEOPLE * 6);
  expect(rows.stores).toBeGreaterThan(PEOPLE * 6);
  // The level of a plan, which all who have it share; a word; who wrote down what was seen at the bank.
  const open = [String(55e9), "periodic", operator.membership.session].flatMap((each) => valuesOf({ each }));
  const joined = [...pays].filter(([value]) => stores.has(value) && !open.includes(value));
  expect(joined.map(([value, table]) => `${table} ${stores.get(value)!} ${value}`)).toEqual([]);
  // What both sides tell of each: the level and the week, alike for all.
  const levels = await selling.server.server.db.query
    .selectFrom("ticketIssue")
    .select(["kind", "period", "levelBytes"])
    .execute();
  const classes = Map.groupBy(levels, ({ kind, period, levelBytes }) => `${kind} ${period} ${levelBytes}`);
  expect(Math.max(...[...classes.values()].map((all) => all.length))).toBe(PEOPLE);
}, 120_000);
