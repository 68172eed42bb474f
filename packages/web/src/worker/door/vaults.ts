import type { Session } from "../session.ts";

/** The vaults that hold something, the largest first. */
export async function vaultsOnServer(session: Session): Promise<readonly string[]> {
  const { cutOff = [] } = session.device;
  const { vaults } = await (await session.connection()).call("GET /v1/vaults");
  const found = vaults.filter(({ id, receipts }) => receipts > 0 && !cutOff.includes(id));
  return found.toSorted((a, b) => b.usedBytes - a.usedBytes).map(({ id }) => id);
}
