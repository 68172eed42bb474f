import { KeepsakeError } from "../base/index.ts";
import { newestSnapshot } from "./open.ts";
import { publish } from "./publish.ts";
import type { Snapshot, Vault } from "./vault.ts";
import { packWriter } from "./pack-writer.ts";

const TRIES = 20;

/** Writes down what a device is called, so that whoever has to take one out knows which. Throws `vault.raced`. */
export async function nameDevice(vault: Vault, writer: number, name: string): Promise<Snapshot> {
  for (let tries = 0; tries < TRIES; tries++) {
    const { head, root, directory } = await newestSnapshot(vault);
    const devices = [...directory.devices.filter(([number]) => number !== writer), [writer, name] as const];
    const { contentRoot, counts } = head;
    const publication = {
      parents: [head],
      root,
      directory: { ...directory, devices },
      contentRoot,
      counts,
      verb: "join",
    };
    const snapshot = await publish(vault, packWriter(vault), publication);
    if (snapshot !== "raced") return snapshot;
  }
  throw new KeepsakeError("vault.raced", { retry: "now" });
}
