import type { Routes } from "../../protocol/index.ts";
import type { Connection } from "../connection.ts";

/** An object in the trash of a vault. */
export type TrashLine = Routes["GET /v1/vaults/{vault}/trash"]["answer"]["objects"][number];

const BATCH = 500;

/** All that lies in the trash of a vault, the newest first, page after page. */
export async function* trashLines(connection: Connection, vault: string): AsyncGenerator<TrashLine> {
  for (let after: string | undefined; ;) {
    const query = after === undefined ? {} : { after };
    const page = await connection.call("GET /v1/vaults/{vault}/trash", { params: { vault }, query });
    yield* page.objects;
    const last = page.objects.at(-1);
    if (page.isEnd || last === undefined) return;
    after = `${last.removedMs}-${last.id}`;
  }
}

/**
 * Brings back what was removed from a vault since a time, by whomever: each name as it was then. What lies under such a
 * name now, put there since, goes into the trash itself. Cut off, it can be done again. The next version that is
 * written names the vault's keys to the server again. Gives the names that are back.
 */
export async function bringBack(
  connection: Connection,
  { vault, sinceMs }: { readonly vault: string; readonly sinceMs: number },
): Promise<readonly string[]> {
  const then = new Map<string, string>();
  for await (const { id, name, storedMs, removedMs } of trashLines(connection, vault)) {
    if (removedMs < sinceMs) break;
    if (storedMs < sinceMs) then.set(name, id);
  }
  const lines = [...then];
  const back: string[] = [];
  for (let from = 0; from < lines.length; from += BATCH) {
    const batch = lines.slice(from, from + BATCH);
    const first = await restore(connection, vault, batch);
    const inTheWay = batch.filter(([name]) => !first.has(name));
    for (const [name] of inTheWay) await remove(connection, vault, name);
    const second = inTheWay.length === 0 ? new Set<string>() : await restore(connection, vault, inTheWay);
    back.push(...first, ...second);
  }
  return back;
}

async function restore(
  connection: Connection,
  vault: string,
  lines: readonly (readonly [name: string, id: string])[],
): Promise<ReadonlySet<string>> {
  const { restored } = await connection.call("POST /v1/vaults/{vault}/trash/restore", {
    params: { vault },
    body: { ids: lines.map(([, id]) => id) },
  });
  return new Set(restored);
}

async function remove(connection: Connection, vault: string, path: string): Promise<void> {
  const [folder, name] = path.split("/");
  await connection.call("DELETE /v1/vaults/{vault}/objects/{folder}/{name}", {
    params: { vault, folder: folder!, name: name! },
  });
}
