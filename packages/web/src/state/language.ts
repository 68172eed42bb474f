import { signal, type Signal } from "@preact/signals";

/** The languages of the page. */
export type Language = "zh" | "en";

const KEPT = "keepsake-language";

export const language: Signal<Language> = signal(firstLanguage());

/** The page's languages as BCP 47 says them. */
export const tags: Readonly<Record<Language, "zh-CN" | "en">> = { zh: "zh-CN", en: "en" };

/** Speaks a language from now on, also the next time. */
export function speak(chosen: Language): void {
  language.value = chosen;
  localStorage.setItem(KEPT, chosen);
}

/** The same texts in both languages. */
export interface Both<T> {
  readonly zh: T;
  readonly en: T;
}

export function both<T>(words: Both<T>): Both<T> {
  return words;
}

/** What stands there in the language that is spoken. */
export function say<T>(words: Both<T>): T {
  return words[language.value];
}

function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "zh" || kept === "en") return kept;
  return languageFor(navigator.languages);
}

/** The first of the reader's languages that we speak; Chinese where there is none. */
export function languageFor(preferred: readonly string[]): Language {
  const first = preferred
    .map((tag) => tag.toLowerCase().split("-", 1)[0])
    .find((tag) => tag === "zh" || tag === "en");
  return first === "en" ? "en" : "zh";
}
