import { globals } from "../ui/messages/program.ts";
import type { Run } from "../context.ts";
import { usageError } from "../input.ts";
import { commands } from "./table/index.ts";

const shells = ["bash", "zsh", "fish"] as const;

export const run: Run = ({ input, output }) => {
  const shell = shells.find((each) => each === input.args[0]);
  if (shell === undefined) throw usageError("shell", "not-one-of");
  const script = { bash: bash, zsh: zsh, fish: fish }[shell]();
  output.line(script.trimEnd());
  output.event("script", { shell, script });
  return Promise.resolve({ data: { shell } });
};

/** What can follow what: first words, words of a group, options. */
function words(): {
  readonly first: readonly string[];
  readonly group: readonly string[];
  readonly optionsOf: (name: string) => string;
} {
  const first = [...new Set(commands.map(({ name }) => name.split(" ")[0]!)), "help"];
  const group = commands.flatMap(({ name }) => name.split(" ")[1] ?? []);
  const optionsOf = (name: string): string => {
    const own = commands.find((each) => each.name === name)?.options ?? [];
    return [...own, ...globals].map(([flags]) => flags.split(" ")[0]!).join(" ");
  };
  return { first, group, optionsOf };
}

function cases(line: (pattern: string, options: string) => string): string {
  const { optionsOf } = words();
  return commands.map(({ name }) => line(name, optionsOf(name))).join("\n");
}

function bash(): string {
  const { first, group } = words();
  return `# keepsake completion for bash
_keepsake() {
  local word=\${COMP_WORDS[COMP_CWORD]} name=\${COMP_WORDS[1]}
  [[ $name == keys && $COMP_CWORD -gt 2 ]] && name="keys \${COMP_WORDS[2]}"
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "${first.join(" ")}" -- "$word"))
  elif [[ $COMP_CWORD -eq 2 && \${COMP_WORDS[1]} == keys ]]; then
    COMPREPLY=($(compgen -W "${group.join(" ")}" -- "$word"))
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
  const { first, group } = words();
  return `#compdef keepsake
_keepsake() {
  local name=\${words[2]}
  [[ $name == keys ]] && (( CURRENT > 3 )) && name="keys \${words[3]}"
  if (( CURRENT == 2 )); then
    compadd ${first.join(" ")}
  elif (( CURRENT == 3 )) && [[ \${words[2]} == keys ]]; then
    compadd ${group.join(" ")}
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
  const { first, group } = words();
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
complete -c keepsake -n '__fish_seen_subcommand_from keys; and not __fish_seen_subcommand_from ${group.join(" ")}' -f -a '${group.join(" ")}'
${lines.join("\n")}
`;
}
