export { claim } from "./claim.ts";
export { openDb, type Db, type DbOptions } from "./db.ts";
export { isTaken } from "./errors.ts";
export { blobsOfCopy, copyServedFile, embeddedBackup } from "./sqlite/backup.ts";
export { migrate, migrationStatus, type MigrationStatus } from "./migrate.ts";
export type { Migration } from "./migrations/migration.ts";
export { beginMoving, endMoving, isMoving, requireMoved } from "./moving.ts";
export { tableShapes, type TableShape } from "./shape.ts";
export type { Query } from "./tables.ts";
