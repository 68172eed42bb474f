import { readFileSync } from "node:fs";
import { problemOf, makeProgram, CommanderError } from "./program.ts";
import { chooseLanguage } from "./ui/language.ts";

/** Reads the command line and runs what it says. Returns the exit code. */
export async function runProgram(args: readonly string[]): Promise<number> {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  const language = chooseLanguage(args, process.env);
  let exit = 0;
  const program = makeProgram({
    language,
    version,
    async onCommand(spec, words, options) {
      const { runCommand } = await import("./run.ts");
      exit = await runCommand(spec, words, options, { language, env: process.env, version });
    },
  });
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: "user" });
    return exit;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    const { refuse } = await import("./refuse.ts");
    return refuse(problemOf(error), { args, language, version });
  }
}
