import type { Migration } from "../migration.ts";
import type { Schema } from "../../schema.ts";
import { refuseChanges } from "../stays.ts";

type Kind =
  | "key"
  | "text"
  | "number"
  | "number-or-null"
  | "bytes"
  | "bytes-or-null"
  | `of-${"account" | "subscription"}`;

interface TableMade {
  readonly columns: Readonly<Record<string, Kind>>;
  /** Where no single column tells rows apart. */
  readonly key?: readonly string[];
  readonly unique?: readonly (readonly string[])[];
  readonly indices?: readonly (readonly string[])[];
  /** The engine counts its rows, and refuses to change them. */
  readonly isLedger?: boolean;
  /** The engine refuses to change or take away its rows. */
  readonly stays?: boolean;
}

/** In the order in which they are made. */
const tables: Readonly<Record<string, TableMade>> = {
  account: {
    columns: { id: "key", publicKey: "text", language: "text" },
    unique: [["publicKey"]],
  },
  accountContact: {
    columns: { id: "key", account: "of-account", kind: "text", sealed: "bytes" },
    indices: [["account"]],
  },
  subscription: {
    columns: {
      id: "key",
      account: "of-account",
      provider: "text",
      channel: "text",
      referenceIndex: "text",
      reference: "bytes-or-null",
      catalogue: "number",
      plan: "text",
      period: "text",
      sinceDay: "number",
      untilDay: "number",
      text: "text",
      entries: "number",
      lookDay: "number-or-null",
      replaces: "text",
    },
    indices: [["account"], ["lookDay", "id"], ["referenceIndex"], ["plan", "untilDay"]],
  },
  subscriptionEntry: {
    columns: { subscription: "of-subscription", entry: "text", kind: "text", day: "number", sealed: "bytes" },
    key: ["subscription", "entry"],
    stays: true,
  },
  charge: {
    columns: {
      name: "key",
      subscription: "of-subscription",
      state: "text",
      amountMinor: "number",
      currency: "text",
      dueDay: "number",
      tried: "text",
      announcedDay: "number",
      refund: "text",
    },
    indices: [["subscription"], ["state", "dueDay"]],
  },
  seenPayment: {
    columns: { id: "key", subscription: "of-subscription", day: "number", sealed: "bytes" },
    indices: [["subscription"], ["day"]],
  },
  ledger: {
    columns: {
      day: "number",
      cause: "text",
      account: "text",
      amountMinor: "number",
      currency: "text",
      subscription: "text",
    },
    unique: [["cause", "account"]],
    indices: [
      ["day", "number"],
      ["account", "day"],
    ],
    isLedger: true,
    stays: true,
  },
  billNotice: {
    columns: {
      id: "key",
      account: "of-account",
      subscription: "text",
      message: "text",
      channel: "text",
      state: "text",
      aboutDay: "number",
      amountMinor: "number",
      currency: "text",
      madeDay: "number",
      deliveredDay: "number",
    },
    unique: [["subscription", "message", "aboutDay", "channel"]],
    indices: [["account", "madeDay"], ["madeDay"]],
  },
  giftCode: {
    columns: {
      codeHash: "key",
      batch: "text",
      catalogue: "number",
      plan: "text",
      period: "text",
      periods: "number",
      untilDay: "number",
      usedBy: "text",
    },
    indices: [["batch"]],
  },
  invoice: {
    columns: {
      id: "key",
      account: "of-account",
      charge: "text",
      askedDay: "number",
      sealed: "bytes",
      state: "text",
      number: "text",
    },
    unique: [["charge"]],
    indices: [["account"], ["state", "askedDay"]],
  },
  seat: {
    columns: {
      id: "key",
      subscription: "of-subscription",
      roomBytes: "number",
      codeHash: "text",
      account: "text",
    },
    indices: [["subscription"], ["codeHash"], ["account"]],
  },
  heardCall: { columns: { id: "key", day: "number" }, indices: [["day"]] },
  reconciliation: {
    columns: { provider: "text", day: "number", text: "text" },
    key: ["provider", "day"],
  },
};

/** What the billing side knows: accounts, subscriptions with their logs, the ledger, bills. */
export const billing: Migration = {
  name: "0019-billing",
  loses: {
    en: "all accounts that pay, their subscriptions, the ledger and the bills",
    zh: "所有付费账户及其订阅、账目和发票",
  },
  async up(schema) {
    for (const [name, made] of Object.entries(tables)) {
      await makeTable(schema, name, made);
      for (const columns of made.unique ?? [])
        await schema.change
          .createIndex(indexName(name, columns))
          .unique()
          .on(name)
          .columns([...columns])
          .execute();
      for (const columns of made.indices ?? [])
        await schema.change
          .createIndex(indexName(name, columns))
          .on(name)
          .columns([...columns])
          .execute();
      if (made.stays === true) await refuseChanges(schema, name);
    }
  },
  async down({ change }) {
    for (const name of Object.keys(tables).toReversed()) await change.dropTable(name).execute();
  },
};

async function makeTable(
  { table, text, int64, bytes, counter }: Schema,
  name: string,
  { columns, key, isLedger = false }: TableMade,
): Promise<void> {
  await table(name, (made) => {
    let next = made;
    if (isLedger) next = next.addColumn("number", counter, (column) => column.primaryKey().notNull());
    for (const [column, kind] of Object.entries(columns)) {
      const type = kind.startsWith("number") ? int64 : kind.startsWith("bytes") ? bytes : text;
      next = next.addColumn(column, type, (given) => {
        if (kind === "key") return given.primaryKey().notNull();
        if (kind.endsWith("-or-null")) return given;
        return kind.startsWith("of-") ? given.notNull().references(`${kind.slice(3)}.id`) : given.notNull();
      });
    }
    return key === undefined ? next : next.addPrimaryKeyConstraint(`${name}Key`, [...key]);
  });
}

function indexName(table: string, columns: readonly string[]): string {
  return `${table}By${columns.map((column) => column[0]!.toUpperCase() + column.slice(1)).join("")}`;
}
