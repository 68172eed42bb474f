import { stat } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { formats } from "@keepsake/core/formats";
import type { WatchedSource } from "./kept/config.ts";
import type { Context } from "../context.ts";
import { configFolder } from "../where.ts";
import { folderPlace } from "../device/stores/folder.ts";
import { isAddress } from "../device/stores/stores.ts";
import { usageError } from "../input.ts";

/** How a source is to be read, as the person says it on the command line. */
export function howOf({ input }: Pick<Context, "input">): Omit<WatchedSource, "name" | "path"> {
  const format = input.oneOf(
    "format",
    formats.map(({ id }) => id),
  );
  const me = input.text("me");
  const password = input.text("backupPasswordFile");
  return {
    ...(format !== undefined && { format }),
    ...(me !== undefined && { me }),
    ...(password !== undefined && { backupPasswordFile: resolve(password) }),
  };
}

/** A source's name where the person gives none. */
export function nameFrom(path: string): string {
  return basename(path).replace(/\.(?:json|jsonl|txt|zip)$/i, "") || "source";
}

/** Throws where the place holds the vault or the keys: watching it would never come to rest. */
export async function requireApart(context: Context, path: string, store: string): Promise<void> {
  const place = await folderPlace(path);
  const holdsKeys = isWithin(await folderPlace(configFolder(context.env)), place);
  const holdsVault = !isAddress(store) && (isWithin(store, place) || isWithin(place, store));
  if (holdsKeys || holdsVault) throw usageError("source", "holds-the-vault");
}

function isWithin(inner: string, outer: string): boolean {
  const way = relative(outer, inner);
  return (
    way === "" ||
    (!way.startsWith("..") && resolve(outer, way) === join(outer, way) && !/^[A-Za-z]:/.test(way))
  );
}

export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
