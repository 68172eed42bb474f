import { Command, CommanderError, Option, type Help } from "commander";
import { commands } from "./commands/table/index.ts";
import type { CommandSpec } from "./commands/spec.ts";
import * as words from "./ui/messages/program.ts";
import type { Language, Words } from "./ui/language.ts";
import { padTo, widthOf } from "./ui/width.ts";

export interface ProgramOptions {
  readonly language: Language;
  readonly version: string;
  /** Called with the command that was chosen, its arguments and all options. */
  readonly onCommand: (
    spec: CommandSpec,
    args: readonly string[],
    options: Readonly<Record<string, unknown>>,
  ) => Promise<void>;
}

/** The command line: every command with its options and help; their code is loaded when one is chosen. */
export function makeProgram({ language, version, onCommand }: ProgramOptions): Command {
  const say = (each: Words): string => each[language];
  const root = styled(new Command("keepsake"), language)
    .description(say(words.about))
    .version(version, "-V, --version", say(words.versionOption))
    .helpCommand("help [command]", say(words.helpCommand))
    .addHelpText("after", `\n${say(words.moreHelp)}`);
  for (const [flags, each] of words.globals) root.addOption(new Option(flags, say(each)));
  const groups = new Map<string, Command>();
  const groupOf = (name: string): Command => {
    const group =
      groups.get(name) ?? styled(root.command(name), language).description(say(words.groups[name]!));
    groups.set(name, group);
    return group.helpCommand(false);
  };
  for (const spec of commands) {
    const [first, second] = spec.name.split(" ");
    const parent = second === undefined ? root : groupOf(first!);
    const command = styled(parent.command(second ?? first!), language)
      .description(say(spec.summary))
      .addHelpText("after", () => examples(spec, language));
    if (spec.args !== undefined) command.arguments(spec.args);
    for (const [flags, each] of spec.options ?? []) command.addOption(new Option(flags, say(each)));
    command.action(async () => {
      await onCommand(spec, command.args, command.optsWithGlobals());
    });
  }
  return root;
}

function examples({ examples: all }: CommandSpec, language: Language): string {
  return `\n${words.examplesTitle[language]}\n${all.map((example) => `  ${example}`).join("\n")}`;
}

/** Throws instead of ending the process, and says nothing by itself when something stands wrong. */
function styled(command: Command, language: Language): Command {
  const titles: Readonly<Record<string, Words>> = {
    "Usage:": words.usageTitle,
    "Options:": words.optionsTitle,
    "Commands:": words.commandsTitle,
    "Arguments:": words.argumentsTitle,
    "Global Options:": words.globalTitle,
  };
  return command
    .exitOverride()
    .allowExcessArguments(false)
    .helpOption("-h, --help", words.helpOption[language])
    .configureOutput({ outputError: () => undefined, writeErr: (text) => process.stdout.write(text) })
    .configureHelp({
      styleTitle: (title) => titles[title]?.[language] ?? title,
      showGlobalOptions: true,
      displayWidth: widthOf,
      padWidth: (each: Command, helper: Help) => widest(each, helper),
      formatItem: (term, width, text) => `  ${padTo(term, width)}  ${text}`,
      subcommandTerm: (each) => each.name(),
    });
}

function widest(command: Command, helper: Help): number {
  const terms = [
    ...helper.visibleOptions(command).map((option) => helper.optionTerm(option)),
    ...helper.visibleGlobalOptions(command).map((option) => helper.optionTerm(option)),
    ...helper.visibleCommands(command).map((each) => helper.subcommandTerm(each)),
    ...helper.visibleArguments(command).map((argument) => helper.argumentTerm(argument)),
  ];
  return Math.max(0, ...terms.map(widthOf));
}

/** What an error of the command line's grammar means: a problem of `problems` and the option that it is about. */
export function problemOf(error: CommanderError): { readonly problem: string; readonly option: string } {
  const option = /(?:argument|option) '([^']+)'/.exec(error.message)?.[1] ?? "";
  const meant = /\(Did you mean (?:one of )?([^?]+)\?\)/.exec(error.message)?.[1] ?? "";
  switch (error.code) {
    case "commander.unknownCommand":
      return { problem: "unknown-command", option: meant };
    case "commander.unknownOption":
      return { problem: "unknown-option", option: meant };
    case "commander.missingArgument":
      return { problem: "missing-argument", option };
    case "commander.optionMissingArgument":
      return { problem: "missing-value", option };
    case "commander.excessArguments":
      return { problem: "too-many", option: "" };
    default:
      return { problem: "no-command", option: "" };
  }
}

export { CommanderError };
