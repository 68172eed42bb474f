import { bytesToHex } from "@keepsake/core/base";
import type { Vault, WordLanguage } from "@keepsake/core/vault";
import type { Context } from "../context.ts";
import { usageError } from "../input.ts";
import * as words from "../ui/messages/keys.ts";
import type { Prompt } from "../ui/prompt.ts";
import { createKitFile, type KitFile } from "./write.ts";

const ASKED = 3;
/** After so many wrong answers the words are shown again. */
const TRIES = 3;

/** The language of new words: as asked for, else the person's. */
export function languageOfWords({ input, output }: Context): WordLanguage {
  return input.oneOf("wordsLanguage", ["en", "zh"]) ?? output.language;
}

/** Makes the kit file before there are words. Throws where there is neither a file nor a terminal to show them. */
export async function prepareKit({ input, prompt }: Context): Promise<KitFile | undefined> {
  const path = input.text("kitFile");
  if (path !== undefined) return createKitFile(path);
  if (prompt === undefined) throw usageError("--kit-file", "missing");
  return undefined;
}

/**
 * Gives new words to the person: into the kit file, or once on the screen; where somebody can be asked, three have
 * to be typed back. True if they were. Nothing else ever prints them.
 */
export async function handOver(
  context: Context,
  vault: Vault,
  list: readonly string[],
  kit: KitFile | undefined,
): Promise<boolean> {
  const { output, prompt, clock } = context;
  const { language } = output;
  await kit?.write({ words: list, vault: bytesToHex(vault.id), madeAt: clock.now(), language });
  if (kit !== undefined) output.say(words.kitWritten);
  if (prompt === undefined) return false;
  if (kit === undefined) await showWords(context, prompt, list);
  // Words that were not taken are on no kit.
  await typeBack(context, prompt, list, kit === undefined).catch((error: unknown) => {
    kit?.withdraw();
    throw error;
  });
  output.say(words.typedBack);
  return true;
}

/** On the terminal's second screen, which leaves nothing behind when it is left. */
async function showWords({ output }: Context, prompt: Prompt, list: readonly string[]): Promise<void> {
  process.stderr.write("\u001b[?1049h\u001b[H");
  try {
    output.warn(words.wordsFollow);
    process.stderr.write(`\n${wordGrid(list)}\n\n`);
    await prompt.ask(output.text(words.writtenDown));
  } finally {
    process.stderr.write("\u001b[?1049l");
  }
}

/** Three columns, numbered downwards. */
function wordGrid(list: readonly string[]): string {
  const rows = Math.ceil(list.length / 3);
  const cell = (place: number): string =>
    `${String(place + 1).padStart(4)}. ${list[place]!.padEnd(/^[a-z]/.test(list[place]!) ? 12 : 6)}`;
  return Array.from({ length: rows }, (_, row) =>
    [row, row + rows, row + 2 * rows].map(cell).join("").trimEnd(),
  ).join("\n");
}

async function typeBack(
  context: Context,
  prompt: Prompt,
  list: readonly string[],
  isShown: boolean,
): Promise<void> {
  const { output } = context;
  let wrong = 0;
  for (const place of somePlaces(context, list.length)) {
    const question = output.text(words.typeBack, { place: place + 1 });
    while ((await prompt.ask(question)).normalize("NFKC").trim().toLowerCase() !== list[place]) {
      output.warn(words.notThatWord, { place: place + 1 });
      if (++wrong % TRIES === 0 && isShown) await showWords(context, prompt, list);
    }
  }
}

function somePlaces({ primitives }: Context, count: number): number[] {
  const places = new Set<number>();
  while (places.size < ASKED) places.add(primitives.random(1)[0]! % count);
  return [...places].sort((a, b) => a - b);
}
