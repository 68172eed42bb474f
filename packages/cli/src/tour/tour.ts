import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KeepsakeError } from "@keepsake/core/base";
import type { Context, Run } from "../context.ts";
import type { Outcome } from "../ui/output.ts";
import * as words from "../ui/messages/tour.ts";
import { makeExports } from "./sources.ts";
import { CHAT, steps, type Step } from "./steps.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

/** From an empty folder to a proven restore: every command is run as a person would, by a process of its own. */
export const run: Run = async (context) => {
  const { input, output } = context;
  const only = input.text("exportsOnly");
  if (only !== undefined) {
    await makeExports(only, context.primitives);
    return {};
  }
  const folder = await mkdtemp(join(tmpdir(), "keepsake-tour-"));
  try {
    output.say(words.welcome);
    const chat = await makeExports(folder, context.primitives);
    const outcome = await takeSteps(context, folder, chat);
    output.say(input.flag("keep") ? words.kept : words.tidied, { folder });
    if (outcome.code === undefined) output.say(words.farewell);
    return outcome;
  } finally {
    if (!input.flag("keep")) await rm(folder, { recursive: true, force: true });
  }
};

async function takeSteps(context: Context, folder: string, chat: string): Promise<Outcome> {
  const { output } = context;
  let device = "phone-a";
  for (const [i, step] of steps.entries()) {
    await pause(context, i);
    sayStep(context, step, i);
    if (step.event === "lose-phone") {
      await rm(join(folder, ".devices", device), { recursive: true, force: true });
      device = "new-phone";
      output.say(words.lost);
    }
    for (const command of step.commands) {
      const args = command.args.map((arg) => arg.replace(CHAT, chat));
      const exit = await runAlone(context, args, { folder, device });
      output.event("step", { step: step.name, command: args.join(" "), exit });
      if (context.signal.aborted) throw new KeepsakeError("base.aborted");
      if (exit !== (command.exit ?? 0)) return { code: "base.unexpected", data: { step: step.name, exit } };
    }
  }
  return { data: { steps: steps.length } };
}

async function pause({ input, output, prompt }: Context, step: number): Promise<void> {
  if (prompt === undefined || !input.flag("pause")) return;
  await prompt.ask(`\n${output.text(step === 0 ? words.begin : words.goOn)}`);
}

function sayStep({ output }: Context, { title, text }: Step, i: number): void {
  if (output.isJson) return;
  output.line("");
  output.line(output.bold(`${i + 1}/${steps.length}  ${output.text(title)}`));
  output.line(output.wrapped(text));
}

/** Runs one command in a process of its own, with the keys of a device, where the tour's folder is. */
async function runAlone(
  { output, env, signal }: Context,
  args: readonly string[],
  { folder, device }: { readonly folder: string; readonly device: string },
): Promise<number> {
  output.line("");
  output.line(output.bold(`$ keepsake ${args.map(quoted).join(" ")}`));
  const devices = join(folder, ".devices", device);
  const child = spawn(process.execPath, [main, ...args, "--lang", output.language], {
    cwd: folder,
    env: { ...withoutSecrets(env), KEEPSAKE_CONFIG: devices, KEEPSAKE_CACHE: join(devices, "cache") },
    // No keyboard: nothing of the tour is asked for.
    stdio: ["ignore", output.isJson ? "ignore" : "inherit", output.isJson ? "ignore" : "inherit"],
  });
  signal.addEventListener("abort", () => child.kill("SIGINT"), { once: true });
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("exit", (code) => done(code ?? 1));
  });
}

/** The vaults and secrets of the person who takes the tour are none of its business. */
function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("KEEPSAKE_")));
}

function quoted(arg: string): string {
  return /^[\w./:@%+=-]+$/.test(arg) ? arg : `"${arg}"`;
}
