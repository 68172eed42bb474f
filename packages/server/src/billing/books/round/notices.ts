import { KeepsakeError } from "@keepsake/core/base";
import { soldAs } from "@keepsake/core/plans";
import type { Query } from "../../../db/index.ts";
import { enqueue, type Job } from "../../../jobs/index.ts";
import { randomId } from "../../../keys/ids.ts";
import { unseal } from "../../../keys/sealed.ts";
import type { ContactKind, Language } from "../../../notices/channel.ts";
import { requireChannel } from "../../../notices/channels.ts";
import { dayOf } from "../../dealing/calendar.ts";
import type { Delivered } from "../../dealing/renewal.ts";
import { SEALED, type Books } from "../books.ts";
import { subscriptionRow } from "../subscriptions.ts";
import type { BillNoticeTable, ChargeTable, SubscriptionTable } from "../tables.ts";
import { billText, type BillMessage } from "./texts.ts";

/** The kind of jobs that send one notice. */
export const BILL_NOTICE_JOB = "billing-notice";
/** A device that fetches it, and says so. */
const DEVICE = "device";
const MOST_TRIES = 8;

/** What is told, and of which subscription. */
export interface Telling {
  readonly row: Pick<SubscriptionTable, "id" | "account">;
  readonly message: BillMessage;
  readonly aboutDay: number;
  readonly amountMinor: number;
  readonly currency: string;
}

/**
 * Makes the notices of something on every way to an account, as a part of a transaction. What was made already is not
 * made again.
 */
export async function tell(books: Books, query: Query, ...tellings: readonly Telling[]): Promise<void> {
  if (tellings.length === 0) return;
  const accounts = [...new Set(tellings.map(({ row }) => row.account))];
  const contacts = await query
    .selectFrom("accountContact")
    .select(["account", "kind"])
    .where("account", "in", accounts)
    .execute();
  const kinds = Map.groupBy(contacts, ({ account }) => account);
  const nowMs = books.clock.now();
  const notices = tellings.flatMap(({ row, ...about }) =>
    [...new Set([DEVICE, ...(kinds.get(row.account) ?? []).map(({ kind }) => kind)])].map((channel) => ({
      id: randomId(),
      account: row.account,
      subscription: row.id,
      ...about,
      channel,
      state: "queued" as const,
      madeDay: dayOf(nowMs),
      deliveredDay: 0,
    })),
  );
  const made = await query
    .insertInto("billNotice")
    .values(notices)
    .onConflict((conflict) =>
      conflict.columns(["subscription", "message", "aboutDay", "channel"]).doNothing(),
    )
    .returning(["id", "channel"])
    .execute();
  const sent = made.filter(({ channel }) => channel !== DEVICE);
  await enqueue(
    query,
    ...sent.map(({ id }) => ({ kind: BILL_NOTICE_JOB, key: id, payload: { id }, dueAtMs: nowMs })),
  );
}

/** Which notices of charges, each of its day and of at least its amount, were delivered. */
export async function deliveredOf(
  query: Query,
  charges: readonly ChargeTable[],
): Promise<(charge: ChargeTable) => readonly Delivered[]> {
  if (charges.length === 0) return () => [];
  const rows = await query
    .selectFrom("billNotice")
    .select(["subscription", "aboutDay", "amountMinor", "channel", "deliveredDay as day"])
    .where(
      "subscription",
      "in",
      charges.map(({ subscription }) => subscription),
    )
    .where("message", "=", "charge")
    .where("state", "=", "delivered")
    .execute();
  const bySubscription = Map.groupBy(rows, ({ subscription }) => subscription);
  return ({ subscription, dueDay, amountMinor }) =>
    (bySubscription.get(subscription) ?? [])
      .filter((each) => each.aboutDay === dueDay && each.amountMinor >= amountMinor)
      .map(({ channel, day }) => ({ channel, day }));
}

/** Sends one notice; taken by the mail server or the gateway, it counts as delivered. Throws, so that it is tried again. */
export async function sendBillNotice(books: Books, { payload, tries }: Job): Promise<void> {
  const { db, log } = books;
  const { id } = payload as { readonly id: string };
  const notice = await db.query.selectFrom("billNotice").selectAll().where("id", "=", id).executeTakeFirst();
  if (notice?.state !== "queued") return;
  try {
    await deliver(books, notice);
    await end(books, id, "delivered");
  } catch (error) {
    if (!KeepsakeError.is(error)) throw error;
    if (error.retry === "later" && tries < MOST_TRIES) throw error;
    await end(books, id, "failed");
    log({ event: "bill-notice-failed", channel: notice.channel, code: error.code });
  }
}

async function deliver(books: Books, notice: BillNoticeTable): Promise<void> {
  const { db, secrets, channels } = books;
  const contact = await db.query
    .selectFrom("accountContact")
    .innerJoin("account", "account.id", "accountContact.account")
    .select(["accountContact.sealed", "account.language"])
    .where("accountContact.account", "=", notice.account)
    .where("accountContact.kind", "=", notice.channel)
    .executeTakeFirst();
  const to = contact === undefined ? undefined : unseal(secrets, SEALED, contact.sealed);
  if (contact === undefined || to === undefined)
    throw new KeepsakeError("notice.not-sent", { details: { why: "sealed" } });
  const { subject, short, text } = await textOf(books, notice, contact.language === "zh" ? "zh" : "en");
  const message = { id: notice.id, template: "notice", value: short, subject, text } as const;
  await requireChannel(channels, notice.channel as ContactKind).send(Buffer.from(to).toString(), message);
}

/** What a notice says. */
async function textOf(books: Books, notice: BillNoticeTable, language: Language) {
  const row = await subscriptionRow(books.db.query, notice.subscription);
  const catalogue = await books.catalogues.ofVersion(row?.catalogue ?? 0);
  const id = row?.plan ?? "";
  const plan = (catalogue && soldAs(catalogue, id))?.name[language] ?? id;
  return billText({ ...notice, message: notice.message as BillMessage, plan }, language);
}

async function end({ db, clock }: Books, id: string, state: "delivered" | "failed"): Promise<void> {
  await db.query
    .updateTable("billNotice")
    .set({ state, deliveredDay: state === "delivered" ? dayOf(clock.now()) : 0 })
    .where("id", "=", id)
    .where("state", "=", "queued")
    .execute();
}

/** A notice as a device shows it. */
export interface BillNotice {
  readonly id: string;
  readonly message: string;
  readonly aboutDay: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly madeDay: number;
  readonly channels: readonly {
    readonly channel: string;
    readonly state: string;
    readonly deliveredDay: number;
  }[];
}

const MOST_NOTICES = 200;

/** What an account was told, the newest first, and on which ways. */
export async function billNoticesOf(query: Query, account: string): Promise<readonly BillNotice[]> {
  const rows = await query
    .selectFrom("billNotice")
    .selectAll()
    .where("account", "=", account)
    .orderBy("madeDay", "desc")
    .orderBy("id")
    .limit(MOST_NOTICES)
    .execute();
  const notices = new Map<string, BillNotice>();
  for (const row of rows) {
    const { id, subscription, message, aboutDay, amountMinor, currency, madeDay } = row;
    const way = { channel: row.channel, state: row.state, deliveredDay: row.deliveredDay };
    const key = `${subscription} ${message} ${aboutDay}`;
    const known = notices.get(key);
    notices.set(key, {
      id: row.channel === DEVICE || known === undefined ? id : known.id,
      message,
      aboutDay,
      amountMinor,
      currency,
      madeDay,
      channels: [...(known?.channels ?? []), way],
    });
  }
  return [...notices.values()];
}

/** A device of the account has shown these. */
export async function markShown(
  { db, clock }: Books,
  account: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await db.query
    .updateTable("billNotice")
    .set({ state: "delivered", deliveredDay: dayOf(clock.now()) })
    .where("id", "in", [...ids])
    .where("account", "=", account)
    .where("channel", "=", DEVICE)
    .where("state", "=", "queued")
    .execute();
}
