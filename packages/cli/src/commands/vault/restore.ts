import { jsonl } from "@keepsake/core/formats";
import type { Run } from "../../context.ts";
import { writeOut } from "../out/write-out.ts";

/** Everything, in our own open format: the one that gives it all back. */
export const run: Run = (context) => writeOut(context, jsonl);
