import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";
import { wordlist as english } from "@scure/bip39/wordlists/english.js";
import { wordlist as chinese } from "@scure/bip39/wordlists/simplified-chinese.js";
import { KeepsakeError, type Bytes } from "../../base/index.ts";

export type WordLanguage = "en" | "zh";

const WORD_COUNT = 24;
const lists: Readonly<Record<WordLanguage, string[]>> = { en: english, zh: chinese };

/** The 24 recovery words of 32 random bytes, the checksum in the last one. */
export function seedToWords(seed: Bytes, language: WordLanguage): string[] {
  return entropyToMnemonic(seed, lists[language]).split(/\s+/u);
}

/**
 * The seed of words as a person types them: any case, any white space or commas, numbers before the words, Chinese
 * words with or without spaces. Throws `keys.words-count`, `keys.unknown-word` (with its place) or `keys.words-checksum`.
 */
export function wordsToSeed(typed: string): Bytes {
  const words = splitWords(typed);
  if (words.length !== WORD_COUNT)
    throw new KeepsakeError("keys.words-count", { details: { words: words.length } });
  const language = words.every((word) => chinese.includes(word)) ? "zh" : "en";
  const unknown = words.findIndex((word) => !lists[language].includes(word));
  if (unknown >= 0) throw new KeepsakeError("keys.unknown-word", { details: { place: unknown + 1 } });
  try {
    return new Uint8Array(mnemonicToEntropy(words.join(" "), lists[language]));
  } catch {
    throw new KeepsakeError("keys.words-checksum");
  }
}

function splitWords(typed: string): string[] {
  const text = typed
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\d.,;:、，。]+/gu, " ");
  const parts = text.split(/\s+/u).filter((part) => part !== "");
  return parts.flatMap((part) => (/^\p{Script=Han}+$/u.test(part) ? [...part] : [part]));
}
