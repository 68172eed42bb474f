import { readKeyedArchive, wholeFile, type AppleBackup } from "../../../../apple/index.ts";
import { appDomain } from "./account.ts";

const MOST_BYTES = 4 * 1024 * 1024;

/** The owner's labels for people, by their numbers; none where their list is absent or broken. */
export async function readLabels(backup: AppleBackup, folder: string): Promise<Map<string, string>> {
  const labels = new Map<string, string>();
  const file = await backup.file(appDomain, `Documents/${folder}/contactlabel.list`);
  if (file === undefined || file.sizeBytes > MOST_BYTES) return labels;
  try {
    const list = readKeyedArchive(await wholeFile(file, MOST_BYTES));
    if (!(list instanceof Map)) return labels;
    for (const [number, about] of list as ReadonlyMap<unknown, unknown>) {
      const name: unknown = about instanceof Map ? about.get("m_nsName") : undefined;
      if (typeof name === "string" && name !== "") labels.set(String(number), name);
    }
  } catch {
    // A list that cannot be read costs the labels, and nothing else.
    return new Map();
  }
  return labels;
}
