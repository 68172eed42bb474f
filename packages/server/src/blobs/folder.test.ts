import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { blobsConformance } from "../../testing/blobs-conformance.ts";
import { folderBlobs } from "./folder.ts";

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

blobsConformance(
  "a folder",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "keepsake-blobs-"));
    folders.push(folder);
    return folderBlobs(join(folder, "objects"));
  },
  { isResumable: true },
);
