import { createHash } from "node:crypto";
import { mkdir, open, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { KeepsakeError } from "@keepsake/core/base";
import type { Server } from "../../server.ts";
import { commandLine, record } from "../log.ts";
import type { Row } from "../move/rows.ts";
import { readme } from "./readme.ts";
import { shown, tablesOf, type OwnTable } from "./rows.ts";

/*
 * All that the server holds about one member, as a folder: for who has a right to see it. Objects are the sealed bytes
 * that they are here, and there is no key to them.
 */

interface ExportedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** What an export came to. */
export interface Exported {
  readonly files: number;
  readonly bytes: number;
  /** Objects whose bytes are gone or damaged. */
  readonly missing: number;
  /** SHA-256 of the manifest, which has that of every other file. */
  readonly manifest: string;
}

/** Throws `request.not-found` where there is no such member, `cli.folder-not-empty`. */
export async function exportMember(server: Server, member: string, to: string): Promise<Exported> {
  const { db } = server;
  const found = await db.query.selectFrom("member").select("id").where("id", "=", member).executeTakeFirst();
  if (found === undefined) throw new KeepsakeError("request.not-found");
  await mkdir(to, { recursive: true, mode: 0o700 });
  if ((await readdir(to)).length > 0) throw new KeepsakeError("cli.folder-not-empty");
  const files: ExportedFile[] = [await writeFile(to, "README.md", [Buffer.from(readme)])];
  const [missing, withheld]: [string[], string[]] = [[], []];
  for (const table of await tablesOf(server, member)) {
    files.push(await writeFile(to, `rows/${table.name}.jsonl`, linesOf(server, table)));
    const isObjects = table.name === "object" || table.name === "trash";
    if (isObjects) await writeObjects(server, { to, table, files, missing });
    const left = table.withheld.filter((name) => !(isObjects && name === "bytes"));
    withheld.push(...left.map((name) => `${table.name}.${name}`));
  }
  const manifest = { format: "keepsake-member-export/1", member, files, missing, withheld };
  const text = Buffer.from(
    `${JSON.stringify({ ...manifest, exportedMs: server.clock.now() }, undefined, 2)}\n`,
  );
  const { sha256 } = await writeFile(to, "manifest.json", [text]);
  const details = { member, files: files.length, manifest: sha256 };
  await db.transaction((query) =>
    record(query, server, { kind: "member-exported", by: commandLine, details }),
  );
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return { files: files.length, bytes, missing: missing.length, manifest: sha256 };
}

async function* linesOf(server: Server, table: OwnTable): AsyncGenerator<Uint8Array> {
  for await (const rows of table.rows())
    yield Buffer.from(rows.map((row) => `${JSON.stringify(shown(server, table, row))}\n`).join(""));
}

interface Objects {
  readonly to: string;
  readonly table: OwnTable;
  readonly files: ExportedFile[];
  readonly missing: string[];
}

async function writeObjects(server: Server, { to, table, files, missing }: Objects): Promise<void> {
  for await (const rows of table.rows())
    for (const row of rows) {
      const path = placeOf(table.name, row);
      const bytes = await bytesOf(server, row);
      const file = bytes && (await writeFile(to, path, bytes));
      if (file !== undefined) files.push(file);
      if (file?.sha256 !== row["sha256"]) missing.push(path);
    }
}

/** Names in the trash may be there more than once. */
function placeOf(table: string, row: Row): string {
  const [vault, name] = [String(row["vault"]), String(row["name"])];
  return table === "trash" ? `trash/${vault}/${String(row["id"])}` : `objects/${vault}/${name}`;
}

async function bytesOf(
  { blobs }: Server,
  { bytes, blob, sizeBytes }: Row,
): Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array> | undefined> {
  if (bytes instanceof Uint8Array) return [bytes];
  return blobs.read(String(blob), { offset: 0, length: Number(sizeBytes) });
}

async function writeFile(
  to: string,
  path: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<ExportedFile> {
  await mkdir(dirname(join(to, path)), { recursive: true, mode: 0o700 });
  const file = await open(join(to, path), "wx", 0o600);
  const hash = createHash("sha256");
  let sizeBytes = 0;
  try {
    for await (const chunk of content) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { path, sizeBytes, sha256: hash.digest("hex") };
}
