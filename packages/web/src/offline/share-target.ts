import { SHARED } from "./names.ts";

/**
 * Files that another app shared with this one: they wait in the browser's own storage, as they came, until the page
 * takes them. Gives where the page goes on.
 */
export async function keepShared(request: Request): Promise<string> {
  try {
    const form = await request.formData();
    const files = form.getAll("files").filter((value) => typeof value !== "string");
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(SHARED, { create: true });
    for (const file of files) {
      const own = await folder.getDirectoryHandle(crypto.randomUUID(), { create: true });
      const handle = await own.getFileHandle(nameFor(file.name), { create: true });
      await file.stream().pipeTo(await handle.createWritable());
    }
    return files.length > 0 ? "#/sources?shared=yes" : "#/sources";
  } catch {
    return "#/sources?shared=failed";
  }
}

/** Names come from other apps; what no folder takes is not in them. */
function nameFor(name: string): string {
  // oxlint-disable-next-line no-control-regex -- these above all
  const clean = name.replace(/[\u0000-\u001f/\\:*?"<>|]/g, "_").slice(-150);
  return /^[. ]*$/.test(clean) ? "_" : clean;
}
