import { lstat } from "node:fs/promises";

/** Changes with a file's content, as far as its system says; undefined where there is none. */
export async function stampOf(path: string): Promise<string | undefined> {
  return lstat(path, { bigint: true }).then(
    ({ size, mtimeNs, ino }) => `${size} ${mtimeNs} ${ino}`,
    () => undefined,
  );
}
