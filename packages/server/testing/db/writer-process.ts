/*
 * A process that writes into an embedded database until it is killed: node writer-process.ts FILE NAME
 * Each line of its output is an id that was acknowledged.
 */
import { writeSync } from "node:fs";
import { openDb } from "../../src/db/index.ts";
import { write } from "./load.ts";

const [file = "", name = ""] = process.argv.slice(2);
const db = await openDb({ sqlite: file });
for (let number = 0; ; number += 1) {
  await write(db, `${name}-${number}`);
  writeSync(1, `${name}-${number}\n`);
}
