import { globals } from "../ui/messages/program.ts";
import type { Run } from "../context.ts";
import { notOneOf } from "../input.ts";
import { commands } from "./table/index.ts";

const shells = ["bash", "zsh", "fish"] as const;

export const run: Run = ({ input, output }) => {
  const shell = shells.find((each) => each === input.args[0]);
  if (shell === undefined) throw notOneOf("shell", shells);
  const script = { bash: bash, zsh: zsh, fish: fish }[shell]();
  output.line(script.trimEnd());
  output.event("script", { shell, script });
  return Promise.resolve({ data: { shell } });
};

/** What can follow what: first words, words of a group, options. */
function words(): {
  readonly first: readonly string[];
  /** Of each first word of commands of two, the second ones. */
  readonly groups: readonly (readonly [first: string, seconds: string])[];
  readonly optionsOf: (name: string) => string;
} {
  const first = [...new Set(commands.map(({ name }) => name.split(" ")[0]!)), "help"];
  const seconds = new Map<string, string[]>();
  for (const [word, second] of commands.map(({ name }) => name.split(" ")))
    if (second !== undefined) seconds.set(word!, [...(seconds.get(word!) ?? []), second]);
  const groups = [...seconds].map(([word, all]) => [word, all.join(" ")] as const);
  const optionsOf = (name: string): string => {
    const own = commands.find((each) => each.name === name)?.options ?? [];
    return [...own, ...globals].map(([flags]) => flags.split(" ")[0]!).join(" ");
  };
  return { first, groups, optionsOf };
}

function cases(line: (pattern: string, options: string) => string): string {
  const { optionsOf } = words();
  return commands.map(({ name }) => line(name, optionsOf(name))).join("\n");
}

function bash(): string {
  const { first, groups } = words();
  return `# keepsake completion for bash
_keepsake() {
  local word=\${COMP_WORDS[COMP_CWORD]} name=\${COMP_WORDS[1]}
  case $name in
    ${groups.map(([word]) => word).join("|")}) [[ $COMP_CWORD -gt 2 ]] && name="$name \${COMP_WORDS[2]}" ;;
  esac
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "${first.join(" ")}" -- "$word"))
${groups
  .map(
    ([each, seconds]) => `  elif [[ $COMP_CWORD -eq 2 && $name == ${each} ]]; then
    COMPREPLY=($(compgen -W "${seconds}" -- "$word"))`,
  )
  .join("\n")}
  elif [[ $word == -* ]]; then
    case $name in
${cases((name, options) => `      "${name}") COMPREPLY=($(compgen -W "${options}" -- "$word")) ;;`)}
    esac
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _keepsake keepsake
`;
}

function zsh(): string {
  const { first, groups } = words();
  return `#compdef keepsake
_keepsake() {
  local name=\${words[2]}
  case $name in
    ${groups.map(([word]) => word).join("|")}) (( CURRENT > 3 )) && name="$name \${words[3]}" ;;
  esac
  if (( CURRENT == 2 )); then
    compadd ${first.join(" ")}
${groups
  .map(
    ([each, seconds]) => `  elif (( CURRENT == 3 )) && [[ $name == ${each} ]]; then
    compadd ${seconds}`,
  )
  .join("\n")}
  elif [[ \${words[CURRENT]} == -* ]]; then
    case $name in
${cases((name, options) => `      "${name}") compadd -- ${options} ;;`)}
    esac
  else
    _files
  fi
}
compdef _keepsake keepsake
`;
}

function fish(): string {
  const { first, groups } = words();
  const lines = commands.flatMap(({ name, options = [] }) => {
    const [word, second] = name.split(" ");
    const seen = [word, second].filter((each) => each !== undefined);
    const when = seen.map((each) => `__fish_seen_subcommand_from ${each}`).join("; and ");
    return [...options, ...globals].map(([flags]) => {
      const [long, value] = flags.split(" ");
      return `complete -c keepsake -n '${when}' -l ${long!.slice(2)}${value === undefined ? "" : " -r"}`;
    });
  });
  return `# keepsake completion for fish
complete -c keepsake -n __fish_use_subcommand -f -a '${first.join(" ")}'
${groups
  .map(
    ([word, seconds]) =>
      `complete -c keepsake -n '__fish_seen_subcommand_from ${word}; and not __fish_seen_subcommand_from ${seconds}' -f -a '${seconds}'`,
  )
  .join("\n")}
${lines.join("\n")}
`;
}
