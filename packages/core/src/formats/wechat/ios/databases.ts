import type { AppleBackup, BackupFile } from "../../../apple/index.ts";
import { KeepsakeError, type Finding } from "../../../base/index.ts";
import type { Sqlite, SqliteDatabase, SqliteRow, SqliteSelect } from "../../../sqlite/index.ts";
import { appDomain } from "./account.ts";

/** A database of WeChat's, and where it lies in its folder. */
export interface NamedDatabase {
  readonly name: string;
  readonly database: SqliteDatabase;
}

export interface OpenDatabases extends AsyncDisposable {
  /** Those that hold messages, in the order in which WeChat began them. */
  readonly messages: readonly NamedDatabase[];
  readonly contacts: SqliteDatabase | undefined;
  readonly findings: readonly Finding[];
}

const messageDatabase = /^(?:MM|message_([0-9]{1,4}))\.sqlite$/;
const contactDatabase = "WCDB_Contact.sqlite";

/** Opens an account's databases. One that is broken is a finding, and the others are read. */
export async function openDatabases(
  backup: AppleBackup,
  {
    folder,
    sqlite,
    signal,
  }: { readonly folder: string; readonly sqlite: Sqlite; readonly signal?: AbortSignal | undefined },
): Promise<OpenDatabases> {
  const prefix = `Documents/${folder}/DB/`;
  const files = new Map<string, BackupFile>();
  for await (const file of backup.within(appDomain, prefix)) files.set(file.path.slice(prefix.length), file);
  const findings: Finding[] = [];
  const open = async (name: string): Promise<SqliteDatabase | undefined> => {
    const main = await files.get(name)?.open();
    if (main === undefined) return undefined;
    try {
      return await sqlite.open({ main, wal: await files.get(`${name}-wal`)?.open() }, { signal });
    } catch (error) {
      if (!KeepsakeError.is(error) || error.code === "base.aborted") throw error;
      findings.push({ code: "wechat.database-broken", severity: "error", where: name });
      return undefined;
    }
  };
  const messages: NamedDatabase[] = [];
  const names = [...files.keys()].filter((name) => messageDatabase.test(name));
  for (const name of names.sort((a, b) => numberOf(a) - numberOf(b))) {
    const database = await open(name);
    if (database !== undefined) messages.push({ name, database });
  }
  const contacts = await open(contactDatabase);
  return {
    messages,
    contacts,
    findings,
    async [Symbol.asyncDispose]() {
      for (const { database } of messages) await database[Symbol.asyncDispose]();
      await contacts?.[Symbol.asyncDispose]();
    },
  };
}

/** The rows of a selection; where the database is broken, those before the damage, and a finding. */
export async function* rowsOf(
  database: SqliteDatabase,
  select: SqliteSelect,
  { name, onFinding }: { readonly name: string; readonly onFinding: (finding: Finding) => void },
): AsyncGenerator<readonly SqliteRow[]> {
  try {
    yield* database.select(select);
  } catch (error) {
    if (!KeepsakeError.is(error) || !damage.has(error.code)) throw error;
    onFinding({ code: "wechat.table-broken", severity: "error", where: name });
  }
}

const damage: ReadonlySet<string> = new Set(["format.database-damaged", "format.unreadable", "base.limit"]);

/** `MM.sqlite` is the oldest. */
function numberOf(name: string): number {
  return Number(messageDatabase.exec(name)?.[1] ?? 0);
}
