import type { Format } from "../format.ts";
import { detect, read } from "./read.ts";
import { write } from "./write.ts";

/** Our own open format: everything, lossless, one JSON line a record, files beside it. */
export const jsonl: Format = { id: "jsonl", detect, read, write };
