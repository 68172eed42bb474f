export { claim, type Claim } from "./claim.ts";
export { openDb, type Db, type DbOptions } from "./db.ts";
export { isTaken } from "./errors.ts";
export { migrate, migrationStatus, type MigrationStatus } from "./migrate.ts";
export type { Migration } from "./migrations/migration.ts";
export type { ColumnType, Schema, TableBuilder } from "./schema.ts";
export type { Query, Tables } from "./tables.ts";
