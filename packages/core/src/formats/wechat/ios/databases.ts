import type { AppleBackup, BackupFile } from "../../../apple/index.ts";
import { KeepsakeError, type Finding } from "../../../base/index.ts";
import type { Sqlite, SqliteDatabase, SqliteRow, SqliteSelect } from "../../../sqlite/index.ts";
import { appDomain } from "./people/account.ts";

/** A database of WeChat's, and where it lies in its folder. */
export interface NamedDatabase {
  readonly name: string;
  readonly database: SqliteDatabase;
}

export interface OpenDatabases extends AsyncDisposable {
  /** Those that hold messages, in the order in which WeChat began them. */
  readonly messages: readonly NamedDatabase[];
  readonly contacts: ContactDatabases;
  readonly findings: readonly Finding[];
}

/** Where the names of people and groups lie. */
export interface ContactDatabases {
  readonly current: SqliteDatabase | undefined;
  /** `MM.sqlite`, where older versions had them. */
  readonly older: SqliteDatabase | undefined;
  /** Lists of sessions, which name chats with those that no list of contacts has. */
  readonly sessions: readonly SqliteDatabase[];
}

const messageDatabase = /^(?:MM|message_([0-9]{1,4}))\.sqlite$/;
const contactDatabase = "WCDB_Contact.sqlite";
const oldestDatabase = "MM.sqlite";
/** One for all, and some for kinds of sessions. */
const sessionDatabase = /^(?:session|(?:session\/)?UniversalSession\/[A-Za-z]{1,64})\/session\.db(?:-wal)?$/;

/** Opens an account's databases. One that is broken is a finding, and the others are read. */
export async function openDatabases(
  backup: AppleBackup,
  {
    folder,
    sqlite,
    signal,
  }: { readonly folder: string; readonly sqlite: Sqlite; readonly signal?: AbortSignal | undefined },
): Promise<OpenDatabases> {
  const files = new Map<string, BackupFile>();
  const own = `Documents/${folder}/`;
  for (const place of ["DB/", "session/session.db", "session/UniversalSession/", "UniversalSession/"])
    for await (const file of backup.within(appDomain, own + place)) {
      const path = file.path.slice(own.length);
      if (path.startsWith("DB/")) files.set(path.slice(3), file);
      else if (sessionDatabase.test(path)) files.set(path, file);
    }
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
  const current = await open(contactDatabase);
  const sessions: SqliteDatabase[] = [];
  for (const path of [...files.keys()].filter((each) => each.endsWith("/session.db")).sort()) {
    const database = await open(path);
    if (database !== undefined) sessions.push(database);
  }
  const older = messages.find(({ name }) => name === oldestDatabase)?.database;
  return {
    messages,
    contacts: { current, older, sessions },
    findings,
    async [Symbol.asyncDispose]() {
      for (const { database } of messages) await database[Symbol.asyncDispose]();
      await current?.[Symbol.asyncDispose]();
      for (const database of sessions) await database[Symbol.asyncDispose]();
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
