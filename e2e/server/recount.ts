import type { Query } from "../../packages/server/src/db/index.ts";

/** What the server counts as it goes: of a member or of a vault. */
export type Counts = Readonly<Record<string, number>>;

/** All counts of members and vaults that are not what a count of their rows gives, as [kept, counted]. */
export async function wrongCounts(query: Query): Promise<readonly (readonly [Counts, Counts])[]> {
  const objects = await query.selectFrom("object").select(["vault", "sizeBytes"]).execute();
  const trash = await query.selectFrom("trash").select(["vault", "sizeBytes"]).execute();
  const uploads = await query.selectFrom("upload").select(["vault", "sizeBytes"]).execute();
  const vaults = await query.selectFrom("vault").select(["id", "member", "usedBytes", "objects"]).execute();
  const members = await query
    .selectFrom("member")
    .select(["id", "usedBytes", "reservedBytes", "trashedBytes"])
    .execute();
  const ofVaults = vaults.map(({ id, member: _member, ...kept }): readonly [Counts, Counts] => {
    const own = objects.filter(({ vault }) => vault === id);
    return [kept, { usedBytes: sum(own), objects: own.length }];
  });
  const ofMembers = members.map(({ id, ...kept }): readonly [Counts, Counts] => {
    const own = new Set(vaults.filter(({ member }) => member === id).map((vault) => vault.id));
    const sumOf = (rows: readonly Row[]): number => sum(rows.filter(({ vault }) => own.has(vault)));
    return [kept, { usedBytes: sumOf(objects), reservedBytes: sumOf(uploads), trashedBytes: sumOf(trash) }];
  });
  return [...ofVaults, ...ofMembers].filter(([kept, counted]) =>
    Object.keys(counted).some((name) => kept[name] !== counted[name]),
  );
}

interface Row {
  readonly vault: string;
  readonly sizeBytes: number;
}

function sum(rows: readonly { readonly sizeBytes: number }[]): number {
  return rows.reduce((all, { sizeBytes }) => all + sizeBytes, 0);
}
