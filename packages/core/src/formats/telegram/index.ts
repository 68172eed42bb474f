import type { Format } from "../format.ts";
import { detect } from "./frame.ts";
import { read, readMany } from "./read.ts";
import { write } from "./write.ts";

/** Exports of Telegram Desktop: `result.json`, of one chat or of all. */
export const telegram: Format = { id: "telegram", detect, read, readMany, write };
