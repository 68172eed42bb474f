import { KeepsakeError, type Bytes } from "../../base/index.ts";

export type WordLanguage = "en" | "zh";

const WORD_COUNT = 24;

/** The lists and the checksum of BIP 39: loaded where there are words, for a device opens without them. */
async function load() {
  const [{ entropyToMnemonic, mnemonicToEntropy }, { wordlist: en }, { wordlist: zh }] = await Promise.all([
    import("@scure/bip39"),
    import("@scure/bip39/wordlists/english.js"),
    import("@scure/bip39/wordlists/simplified-chinese.js"),
  ]);
  const lists: Readonly<Record<WordLanguage, string[]>> = { en, zh };
  return { entropyToMnemonic, mnemonicToEntropy, lists };
}

/** The 24 recovery words of 32 random bytes, the checksum in the last one. */
export async function seedToWords(seed: Bytes, language: WordLanguage): Promise<string[]> {
  const { entropyToMnemonic, lists } = await load();
  return entropyToMnemonic(seed, lists[language]).split(/\s+/u);
}

/**
 * The seed of words as a person types them: any case, any white space or commas, numbers before the words, Chinese
 * words with or without spaces. Throws `keys.words-count`, `keys.unknown-word` (with its place) or `keys.words-checksum`.
 */
export async function wordsToSeed(typed: string): Promise<Bytes> {
  const words = splitWords(typed);
  if (words.length !== WORD_COUNT)
    throw new KeepsakeError("keys.words-count", { details: { words: words.length } });
  const { mnemonicToEntropy, lists } = await load();
  const language = words.every((word) => lists.zh.includes(word)) ? "zh" : "en";
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
