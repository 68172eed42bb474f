import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { KeepsakeError } from "@keepsake/core/base";
import { readConfig } from "../../agent/kept/config.ts";
import { ask } from "../../agent/machine/ask.ts";
import { ownUnit } from "../../agent/unit/own.ts";
import type { UnitFile } from "../../agent/unit/unit.ts";
import type { Context, Run } from "../../context.ts";
import * as words from "../../ui/messages/agent.ts";

export const run: Run = async (context) => {
  const { input, output, env } = context;
  // One that is wrong would only be found at the next login.
  await readConfig(env);
  const unit = ownUnit(context.env, context.output.language);
  if (unit === undefined) {
    output.warn(words.noScheduler);
    return { code: "agent.not-installed", data: { details: { system: process.platform } }, isTold: true };
  }
  for (const file of unit.files) show(context, file);
  if (input.flag("print")) return { data: { files: unit.files.length, isInstalled: false } };
  for (const file of unit.files) await write(file);
  await lint(unit.files);
  for (const [command, ...args] of unit.before) await ask(command, args);
  for (const [command, ...args] of unit.install)
    if ((await ask(command, args)) === undefined)
      throw new KeepsakeError("agent.not-installed", {
        details: { step: [command, ...args.slice(0, 2)].join(" ") },
      });
  output.say(words.installed);
  return { data: { files: unit.files.length, isInstalled: true } };
};

function show({ input, output }: Context, { path, text }: UnitFile): void {
  output.event("unit", { path, text });
  if (!input.flag("print")) return;
  output.line(output.dim(`# ${path}`));
  output.line(text.replace(/^\ufeff/, "").trimEnd());
}

async function write({ path, text, encoding }: UnitFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { encoding });
}

/** The system's own lint, where it has one, before anything is started. */
async function lint(files: readonly UnitFile[]): Promise<void> {
  const verify = ["verify", "--user", "--man=no"];
  const isUnable = process.platform !== "linux" || (process.env["XDG_RUNTIME_DIR"] ?? "") === "";
  if (isUnable || (await ask("systemd-analyze", ["--version"])) === undefined) return;
  for (const { path } of files)
    if ((await ask("systemd-analyze", [...verify, path])) === undefined)
      throw new KeepsakeError("agent.not-installed", { details: { step: "systemd-analyze" } });
}
