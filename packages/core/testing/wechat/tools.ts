import type { ReadTools } from "../../src/formats/index.ts";
import { nodeCiphers, nodePrimitives, nodeSqlite } from "../../src/platform/node/index.ts";

/** What a phone is read with in Node. Unless told otherwise, no password is given, and the first account is read. */
export function readTools(answers: Partial<Pick<ReadTools, "password" | "chooseOwn">> = {}): ReadTools {
  return {
    sqlite: nodeSqlite,
    ciphers: nodeCiphers,
    primitives: nodePrimitives,
    password: () => Promise.resolve(undefined),
    chooseOwn: () => Promise.resolve(0),
    ...answers,
  };
}
