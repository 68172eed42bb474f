import type { Language } from "@keepsake/core/model";

export type { Language } from "@keepsake/core/model";

/** One thing said in both languages. `{name}` stands for a value. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

export type Values = Readonly<Record<string, string | number>>;

export function fill(words: Words, language: Language, values: Values = {}): string {
  return words[language].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The language that was asked for by `--lang`, else that of the system. */
export function chooseLanguage(args: readonly string[], env: NodeJS.ProcessEnv): Language {
  const place = args.findIndex((arg) => arg === "--lang" || arg.startsWith("--lang="));
  const asked = place < 0 ? undefined : (args[place]!.split("=")[1] ?? args[place + 1]);
  const set = [asked, env["LC_ALL"], env["LC_MESSAGES"], env["LANG"]].find(
    (value) => value !== undefined && value !== "",
  );
  return /^zh/i.test(set ?? systemLocale(env)) ? "zh" : "en";
}

/** Windows has no LANG; elsewhere its absence means the C locale. */
function systemLocale(env: NodeJS.ProcessEnv): string {
  return env["OS"] === "Windows_NT" ? Intl.DateTimeFormat().resolvedOptions().locale : "en";
}
