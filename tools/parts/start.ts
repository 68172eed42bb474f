import { handOverS3, installCeph, startCeph } from "./ceph.ts";
import { handOverPostgres, startPostgres18 } from "./postgres.ts";
import { hasNpmPostgres, installPostgres } from "./postgres-programs.ts";

/** The real parts that the tests of a whole run share. Disposing ends them. */
export interface Parts extends AsyncDisposable {
  /** What is not there, and why. */
  readonly notRun: readonly string[];
}

/** Installs what may be installed, and starts what is shared; the tests find it by the environment. */
export async function startParts(): Promise<Parts> {
  const notRun: string[] = [];
  const started: AsyncDisposable[] = [];
  const dispose = async (): Promise<void> => {
    for (const part of started) await part[Symbol.asyncDispose]();
  };
  try {
    await startPostgres(notRun, started);
    await startS3(notRun, started);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { notRun, [Symbol.asyncDispose]: dispose };
}

async function startPostgres(notRun: string[], started: AsyncDisposable[]): Promise<void> {
  const debian = installPostgres();
  if (debian !== undefined) notRun.push(`the tests on a pair of PostgreSQL: ${debian.missing}`);
  if (hasNpmPostgres()) {
    const postgres = await startPostgres18();
    started.push(postgres);
    handOverPostgres(postgres);
  } else {
    notRun.push(`the tests on PostgreSQL 18: npm has none for ${process.platform} ${process.arch}`);
  }
}

async function startS3(notRun: string[], started: AsyncDisposable[]): Promise<void> {
  const ceph = installCeph();
  if (ceph !== undefined) return void notRun.push(`the tests on S3: ${ceph.missing}`);
  const node = await startCeph();
  started.push(node);
  handOverS3(node);
}
