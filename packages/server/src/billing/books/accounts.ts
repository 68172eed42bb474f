import { KeepsakeError } from "@keepsake/core/base";
import { randomId } from "../../keys/ids.ts";
import { fixed, isTaken } from "../../db/index.ts";
import type { Books } from "./books.ts";

/** Who pays, as a request shows it. */
export interface Account {
  readonly id: string;
  readonly publicKey: string;
  readonly language: string;
}

/** The account of a key: the one that there is, or a new one. Throws `pay.no-account` where none is to be made. */
export async function openAccount(
  { db }: Pick<Books, "db">,
  { publicKey, language, isNew }: Pick<Account, "publicKey" | "language"> & { readonly isNew: boolean },
): Promise<string> {
  const found = db.query.selectFrom("account").select("id").where("publicKey", "=", publicKey);
  const account = await found.executeTakeFirst();
  if (account !== undefined) {
    await db.query.updateTable("account").set({ language }).where("id", "=", account.id).execute();
    return account.id;
  }
  if (!isNew) throw new KeepsakeError("pay.no-account");
  await db.query
    .insertInto("account")
    .values({ id: randomId(), publicKey, language })
    .onConflict((conflict) => conflict.column("publicKey").doNothing())
    .execute();
  return (await found.executeTakeFirstOrThrow()).id;
}

/** From now on another key signs for an account. Throws `pay.already` where that one has an account of its own. */
export async function changeKey(
  { db }: Pick<Books, "db">,
  { id }: Account,
  publicKey: string,
): Promise<void> {
  try {
    await db.query.updateTable("account").set({ publicKey }).where("id", "=", id).execute();
  } catch (error) {
    if (isTaken(error)) throw new KeepsakeError("pay.already", { cause: error });
    throw error;
  }
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
