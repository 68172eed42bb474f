import type { Format } from "../format.ts";
import { detect } from "./items.ts";
import { read } from "./read.ts";
import { write } from "./write.ts";

/** ChatLab's format, JSON and JSONL: many tools write it, and one chat a file is what it holds. */
export const chatlab: Format = { id: "chatlab", detect, read, write };
