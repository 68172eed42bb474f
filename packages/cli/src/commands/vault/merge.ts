import type { Run } from "../../context.ts";
import { openToWrite } from "../../device/open.ts";
import { usageError } from "../../input.ts";
import { backupAs } from "./backup.ts";
import { chooseSource, sourcePath } from "./source.ts";

export const run: Run = async (context) => {
  const name = context.input.text("name");
  if (name === undefined) throw usageError("--name", "missing");
  const opened = await openToWrite(context);
  return backupAs(context, opened, await chooseSource(context, sourcePath(context)), name);
};
