import { sql, type Kysely } from "kysely";
import type { Query, Tables } from "./tables.ts";

/** What rows of a table have that several processes work through together. */
interface Claimable {
  readonly id: string;
  readonly kind: string;
  /** When it may be claimed, or claimed again because its claimer has gone; null for never. */
  readonly dueAtMs: number | null;
  /** How often it was claimed; a claimer whose count is no longer the row's has lost it. */
  readonly tries: number;
}

/** The tables that hold such rows. */
export type ClaimableTable = {
  [name in keyof Tables]: Tables[name] extends Claimable ? name : never;
}[keyof Tables];

/** How many rows of which kinds are claimed, and for how long. */
export interface Claim {
  readonly kinds: readonly string[];
  readonly nowMs: number;
  readonly leaseMs: number;
  readonly limit: number;
}

/**
 * Claims at most `limit` rows that are due, the longest due first: nobody else gets them before the lease ends.
 * One statement, so that a crash leaves either no claim or one that ends by itself.
 */
export function claim<Name extends ClaimableTable>(
  query: Query,
  table: Name,
  { kinds, nowMs, leaseMs, limit }: Claim,
): Promise<readonly Tables[Name][]> {
  if (kinds.length === 0) return Promise.resolve([]);
  const rows = (query as unknown as Kysely<{ readonly claimable: Claimable }>)
    // Materialized, or PostgreSQL might choose anew while it updates, and claim more.
    .with(
      (name) => name("picked").materialized(),
      (inner) =>
        inner
          .selectFrom(sql<Claimable>`${sql.table(table)}`.as("claimable"))
          .select("id")
          .where("kind", "in", kinds)
          .where("dueAtMs", "<=", nowMs)
          .orderBy("dueAtMs")
          .orderBy("id")
          .limit(limit)
          .forUpdate()
          .skipLocked(),
    )
    .updateTable(sql<Claimable>`${sql.table(table)}`.as("claimable"))
    .set((row) => ({ dueAtMs: nowMs + leaseMs, tries: row("tries", "+", 1) }))
    .where("id", "in", (inner) => inner.selectFrom("picked").select("id"))
    .returningAll()
    .execute();
  return rows as unknown as Promise<readonly Tables[Name][]>;
}
