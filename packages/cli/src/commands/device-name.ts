import { hostname } from "node:os";
import { packWriter, publish, type Snapshot, type Vault } from "@keepsake/core/vault";
import type { Context } from "../context.ts";
import { winRace } from "./races.ts";

/** Writes down what a new device is called, so that whoever has to take one out knows which. */
export async function writeDeviceName(
  { input }: Pick<Context, "input">,
  vault: Vault,
  writer: number,
): Promise<Snapshot> {
  const name = input.text("deviceName") ?? hostname();
  const { snapshot } = await winRace(vault, async ({ snapshot: { head, root, directory } }) => {
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
    return { snapshot: await publish(vault, packWriter(vault), publication), value: undefined };
  });
  return snapshot;
}
