import { formats } from "@keepsake/core/formats";
import type { Run } from "../../context.ts";
import { usageError } from "../../input.ts";
import { writeOut } from "../out/write-out.ts";

export const run: Run = (context) => {
  const writable = formats.filter((each) => each.write !== undefined);
  const id = context.input.oneOf(
    "format",
    writable.map((each) => each.id),
  );
  const format = writable.find((each) => each.id === id);
  if (format === undefined) throw usageError("--format", "missing");
  return writeOut(context, format);
};
