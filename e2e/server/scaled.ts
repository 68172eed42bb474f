import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newBucket } from "../../packages/core/testing/stores/s3-buckets.ts";
import { formatS3Address } from "../../packages/core/src/s3/index.ts";
import { nodePrimitives } from "../../packages/core/src/platform/node/index.ts";
import { freshDatabase } from "../../packages/server/testing/db/fresh.ts";
import { hasS3Service, s3ForTests } from "../../tools/parts/ceph.ts";
import { hasNpmPostgres } from "../../tools/parts/postgres-programs.ts";
import { postgresForTests } from "../../tools/parts/postgres.ts";

/** Whether a server on PostgreSQL and S3 can be tried here. */
export function hasScaledParts(): boolean {
  return hasNpmPostgres() && hasS3Service();
}

/** A PostgreSQL and a bucket for servers to share. Disposing ends what was started for it. */
export interface ScaledParts extends AsyncDisposable {
  /** Settings of a server on an empty database and bucket; every server with them is one of the same cell. */
  fresh(): Promise<Readonly<Record<string, string>>>;
}

export async function startScaledParts(): Promise<ScaledParts> {
  const postgres = await postgresForTests();
  const s3 = await s3ForTests();
  const folder = await mkdtemp(join(tmpdir(), "keepsake-day-keys-"));
  return {
    async fresh() {
      const { credentials, ...address } = await newBucket(s3.service, nodePrimitives);
      return {
        KEEPSAKE_POSTGRES: await freshDatabase(postgres.url),
        KEEPSAKE_DAY_KEYS: join(folder, randomUUID()),
        KEEPSAKE_OBJECTS: formatS3Address(address),
        KEEPSAKE_S3_ACCESS_KEY_ID: credentials.accessKeyId,
        KEEPSAKE_S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        KEEPSAKE_POSTGRES_CONNECTIONS: "4",
      };
    },
    async [Symbol.asyncDispose]() {
      await s3[Symbol.asyncDispose]();
      await postgres[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
