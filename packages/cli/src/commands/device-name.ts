import { hostname } from "node:os";
import { nameDevice, type Snapshot, type Vault } from "@keepsake/core/vault";
import type { Context } from "../context.ts";

/** Writes down what a new device is called: as was asked for, or as the machine is. */
export function writeDeviceName(
  { input }: Pick<Context, "input">,
  vault: Vault,
  writer: number,
): Promise<Snapshot> {
  return nameDevice(vault, writer, input.text("deviceName") ?? hostname());
}
