import { jsonl } from "@keepsake/core/formats";
import type { Run } from "../../context.ts";
import { putFolderBack, putFoldersBeside } from "../out/put-back.ts";
import { writeOut } from "../out/write-out.ts";

/** Everything: chats in our own open format, the one that gives it all back, and kept folders as they were. */
export const run: Run = (context) => {
  const folder = context.input.text("folder");
  return folder === undefined ? writeOut(context, jsonl, putFoldersBeside) : putFolderBack(context, folder);
};
