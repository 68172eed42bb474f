import { KeepsakeError } from "@keepsake/core/base";
import { randomId } from "../../keys/ids.ts";
import { fixed } from "../../db/index.ts";
import type { Books } from "./books.ts";

/** Who pays, as a request shows it. */
export interface Account {
  readonly id: string;
  readonly publicKey: string;
  readonly language: string;
}

/** The account of a key: the one that there is, or a new one. */
export async function openAccount(
  { db }: Pick<Books, "db">,
  { publicKey, language }: Pick<Account, "publicKey" | "language">,
): Promise<string> {
  await db.query
    .insertInto("account")
    .values({ id: randomId(), publicKey, language })
    .onConflict((conflict) => conflict.column("publicKey").doUpdateSet({ language }))
    .execute();
  const { id } = await db.query
    .selectFrom("account")
    .select("id")
    .where("publicKey", "=", publicKey)
    .executeTakeFirstOrThrow();
  return id;
}

const accountRow = fixed((query, id: string) =>
  query.selectFrom("account").select(["id", "publicKey", "language"]).where("id", "=", id),
);

/** Throws `pay.no-account`. */
export async function findAccount({ db }: Pick<Books, "db">, id: string): Promise<Account> {
  const account = await accountRow(db.query, id);
  if (account === undefined) throw new KeepsakeError("pay.no-account");
  return account;
}
