import { refusal } from "./run.ts";
import { commands } from "./commands/table/index.ts";
import type { Language } from "./ui/language.ts";
import { Output } from "./ui/output.ts";

/** Says what stands wrong on a command line, in the way that it asks for. Returns the exit code. */
export function refuse(
  details: { readonly problem: string; readonly option: string },
  asked: { readonly args: readonly string[]; readonly language: Language; readonly version: string },
): number {
  const { args, language, version } = asked;
  const isJson = args.includes("--json");
  const output = new Output({ language, isJson, isQuiet: false, hasColour: false });
  output.event("start", { command: "", version });
  return output.finish(refusal(output, commandIn(args), details));
}

/** The command that was meant, if it is one of ours: its help is the one to see. */
function commandIn(args: readonly string[]): string {
  const [first = "", second = ""] = args.filter((arg) => !arg.startsWith("-"));
  return (
    commands.map(({ name }) => name).find((name) => name === first || name === `${first} ${second}`) ?? ""
  );
}
