import type { Run } from "../../context.ts";
import { openToWrite } from "../../device/open.ts";
import { usageError } from "../../input.ts";
import { backupAs } from "./backup.ts";
import { mergeCopy } from "./merge-copy.ts";
import { chooseSource, sourcePath } from "../reading/source.ts";

export const run: Run = async (context) => {
  const { input } = context;
  const from = input.text("from");
  if (from !== undefined && input.args.length > 0) throw usageError("--from", "not-together");
  // Only what was read from a source goes to the other copies at once.
  if (from !== undefined && input.has("sync") && !input.flag("sync"))
    throw usageError("--no-sync", "not-together");
  if (from !== undefined) return mergeCopy(context, from);
  const name = input.text("name");
  if (name === undefined) throw usageError("--name", "missing");
  const opened = await openToWrite(context);
  return backupAs(context, opened, await chooseSource(context, sourcePath(context)), name);
};
