import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { KeepsakeError } from "@keepsake/core/base";

/** Asks people: only where both the keyboard and the screen are theirs. */
export interface Prompt {
  /** A line that is typed; with `isHidden`, it does not appear. Throws `base.aborted` on Ctrl-C. */
  ask(question: string, options?: { readonly isHidden?: boolean }): Promise<string>;
  /** True for a yes; the answer is no where nothing is typed. */
  confirm(question: string): Promise<boolean>;
  /** The place of the one that was chosen; the first where nothing is typed. */
  choose(question: string, choices: readonly string[]): Promise<number>;
}

/** A prompt on the terminal; undefined where there is none. `before` is called before each question. */
export function terminalPrompt(signal: AbortSignal, before: () => void): Prompt | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const ask: Prompt["ask"] = (question, options) => {
    before();
    return askLine(question, options?.isHidden === true, signal);
  };
  return {
    ask,
    async confirm(question) {
      return /^(?:y|yes|j|是|好|对)$/i.test((await ask(`${question} [y/N] `)).trim());
    },
    async choose(question, choices) {
      const list = choices.map((choice, i) => `  ${i + 1}) ${choice}`).join("\n");
      for (;;) {
        const typed = (await ask(`${question}\n${list}\n> `)).trim();
        const number = typed === "" ? 1 : Number(typed);
        if (Number.isInteger(number) && number >= 1 && number <= choices.length) return number - 1;
      }
    },
  };
}

async function askLine(question: string, isHidden: boolean, signal: AbortSignal): Promise<string> {
  // Readline draws the line on which is typed, and no other.
  const lead = isHidden ? question : question.slice(0, question.lastIndexOf("\n") + 1);
  process.stderr.write(lead);
  // Readline echoes what is typed to its output: a secret's goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: process.stdin,
    output: isHidden ? nowhere : process.stderr,
    terminal: true,
    historySize: 0,
  });
  const stopped = new AbortController();
  lines.on("SIGINT", () => stopped.abort());
  try {
    return await lines.question(question.slice(lead.length), {
      signal: AbortSignal.any([signal, stopped.signal]),
    });
  } catch (cause) {
    throw new KeepsakeError("base.aborted", { cause });
  } finally {
    lines.close();
    if (isHidden) process.stderr.write("\n");
  }
}
