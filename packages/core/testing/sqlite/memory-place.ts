import { memoryFile } from "../../src/formats/index.ts";
import type { SqlitePlace } from "./conformance.ts";

/** Files in memory. */
export const memoryPlace: SqlitePlace = {
  put(files) {
    return Promise.resolve({
      file: (name) => Promise.resolve(memoryFile(name, files[name]!)),
      files: () => Promise.resolve(files),
    });
  },
};
