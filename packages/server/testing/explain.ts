import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { vi } from "vitest";

/** All statements that an engine is given while `work` runs. */
export async function statementsOf(work: () => Promise<void>): Promise<readonly string[]> {
  const prepare = vi.spyOn(DatabaseSync.prototype, "prepare");
  const query = vi.spyOn(pg.Client.prototype, "query");
  try {
    await work();
    const asked = query.mock.calls.map(([config]) => (config as { readonly text?: string }).text ?? "");
    const said = new Set([...prepare.mock.calls.map(([text]) => text), ...asked]);
    return [...said].filter((text) => /^\s*(?:update|delete|with|select .* from "\w+")/i.test(text));
  } finally {
    prepare.mockRestore();
    query.mockRestore();
  }
}

/** How an engine would find what a statement asks for. */
export interface Explainer extends AsyncDisposable {
  /** The tables that it would read whole. */
  scans(statement: string): Promise<readonly string[]>;
}

/** Asks SQLite. */
export function explainSqlite(file: string): Explainer {
  const database = new DatabaseSync(file, { readOnly: true });
  return {
    scans: (statement) => {
      const steps = database.prepare(`explain query plan ${statement}`).all();
      return Promise.resolve(
        steps.flatMap(({ detail }) => /^SCAN (\w+)/.exec(String(detail))?.slice(1) ?? []),
      );
    },
    [Symbol.asyncDispose]: () => Promise.resolve(database.close()),
  };
}

/** Asks PostgreSQL, which uses an index wherever there is one. */
export async function explainPostgres(url: string): Promise<Explainer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("set enable_seqscan = off");
  return {
    async scans(statement) {
      const { rows } = await client.query<{ readonly "QUERY PLAN": readonly [{ readonly Plan: Node }] }>(
        `explain (generic_plan, format json) ${statement}`,
      );
      return whole(rows[0]!["QUERY PLAN"][0].Plan);
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}

interface Node {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Cond"?: string;
  readonly Plans?: readonly Node[];
}

function whole(node: Node): readonly string[] {
  const table = node["Relation Name"];
  const isWhole =
    table !== undefined &&
    node["Index Cond"] === undefined &&
    /^(?:Seq|Index|Index Only) Scan$/.test(node["Node Type"]);
  return [...(isWhole ? [table] : []), ...(node.Plans ?? []).flatMap(whole)];
}
