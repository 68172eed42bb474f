import { KeepsakeError, timerSleep } from "@keepsake/core/base";
import pg from "pg";
import type { Answer, Engine, Parameter, Session } from "../driver.ts";
import { isOldPlan, postgresError } from "./errors.ts";
import { StatementNames } from "./names.ts";
import { parserOf } from "./values.ts";

/** How long one waits for a connection while others hold them all: a disk that stalls for seconds is no reason to fail. */
const waitForConnectionMs = 15_000;
/** How long a PostgreSQL that is starting anew is waited for before a statement fails. */
const patienceMs = 3_000;
const pauseMs = 50;
const statementTimeoutMs = 30_000;
const idleInTransactionMs = 60_000;

/**
 * Connections to a PostgreSQL. Throws `server.database-unavailable` if it does not answer, and `base.invalid` if it
 * could lose what it acknowledged, keeps text in another form than UTF-8, or is older than 15.
 */
export async function openPool(address: string, connections: number): Promise<Engine> {
  const pool = new pg.Pool({
    connectionString: address,
    max: connections,
    application_name: "keepsake",
    connectionTimeoutMillis: waitForConnectionMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    keepAlive: true,
    types: { getTypeParser: parserOf },
  });
  // A connection that ends while nobody uses it is not an event: the next statement opens another.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  const names = new StatementNames();
  const engine: Engine = {
    begin: "begin isolation level read committed",
    open: async () => sessionOver(await connect(pool), names),
    close: () => pool.end(),
  };
  try {
    await refuseUnsafe(engine);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return engine;
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  const startedMs = performance.now();
  for (;;) {
    try {
      return await pool.connect();
    } catch (cause) {
      const error = postgresError(cause);
      if (!mayComeBack(error) || performance.now() - startedMs > patienceMs) throw error;
    }
    await timerSleep(pauseMs);
  }
}

/** A refused password or a database that does not exist will not be otherwise in a moment. */
function mayComeBack({ code, details }: KeepsakeError): boolean {
  return code === "server.database-unavailable" && !/^(?:28|3D)/.test(String(details["error"]));
}

function sessionOver(client: pg.PoolClient, names: StatementNames): Session {
  let isBroken = false;
  const ask = async (text: string, values: Parameter[], name?: string): Promise<Answer> => {
    const { rows, rowCount } = await client.query<object>({ text, values, ...(name && { name }) });
    return { rows, changes: rowCount ?? 0 };
  };
  return {
    async run(sql: string, parameters: readonly Parameter[]): Promise<Answer> {
      const values = [...parameters];
      try {
        const name = names.of(sql);
        if (name === undefined) return await ask(sql, values);
        return await ask(sql, values, name).catch((error: unknown) => {
          if (!isOldPlan(error)) throw error;
          names.forbid(sql);
          return ask(sql, values);
        });
      } catch (cause) {
        const error = postgresError(cause);
        isBroken ||= error.code === "server.database-unavailable" && error.retry === "later";
        throw error;
      }
    },
    release: (isSpoilt) => client.release(isSpoilt || isBroken),
  };
}

const required: readonly [setting: string, isRight: (value: string) => boolean][] = [
  ["server_version_num", (value) => Number(value) >= 150_000],
  ["server_encoding", (value) => value === "UTF8"],
  ["fsync", (value) => value === "on"],
  ["full_page_writes", (value) => value === "on"],
  ["synchronous_commit", (value) => value !== "off"],
];

async function refuseUnsafe(engine: Engine): Promise<void> {
  const session = await engine.open();
  try {
    for (const [setting, isRight] of required) {
      const { rows } = await session.run("select current_setting($1) as value", [setting]);
      const value = (rows[0] as { readonly value: string }).value;
      if (!isRight(value))
        throw new KeepsakeError("base.invalid", { details: { name: `PostgreSQL's ${setting}`, value } });
    }
  } finally {
    session.release(false);
  }
}
