import { sources, type Tree, type Verdict } from "./tree.ts";

const table = /^packages\/core\/src\/base\/codes(?:\.ts|\/)/;
const entry = /^ {2}"([a-z]+\.[a-z0-9-]+)": \{([^}]*)\}/gm;
const bareError = /\bnew Error\(/;

/** Every code has its sentence in English and in Chinese. */
export function errorSentences(tree: Tree): Verdict {
  const entries = codeEntries(tree);
  const violations = entries.flatMap(({ code, text }) => {
    const english = sentence(text, "en");
    const chinese = sentence(text, "zh");
    return [
      ...(/^[A-Z].*[.?]$/.test(english) ? [] : [`${code}: no English sentence`]),
      ...(/\p{Script=Han}.*[。？]$/u.test(chinese) ? [] : [`${code}: no Chinese sentence`]),
    ];
  });
  return { looked: entries.length, violations };
}

function sentence(text: string, language: string): string {
  return new RegExp(`\\b${language}:\\s*["'\`]([^\\n]*)["'\`],?`).exec(text)?.[1] ?? "";
}

/** Every code is used: a code that nothing throws is a promise nobody keeps. */
export function codesUsed(tree: Tree): Verdict {
  const entries = codeEntries(tree);
  const users = sources(tree).filter(([path]) => path.startsWith("packages/") && !table.test(path));
  const violations = entries
    .filter(({ code }) => !users.some(([, text]) => text.includes(`"${code}"`)))
    .map(({ code }) => `${code}: nothing uses it`);
  return { looked: entries.length, violations };
}

/** What ships throws KeepsakeError with a code, so that people get a sentence and scripts an exit code. */
export function bareErrors(tree: Tree): Verdict {
  const files = sources(tree).filter(([path]) => path.startsWith("packages/"));
  const violations = files
    .filter(([, text]) => bareError.test(text))
    .map(([path]) => `${path}: throws a bare Error; KeepsakeError has codes`);
  return { looked: files.length, violations };
}

function codeEntries(tree: Tree): readonly { readonly code: string; readonly text: string }[] {
  return [...tree]
    .filter(([path]) => table.test(path))
    .flatMap(([, text]) => [...text.matchAll(entry)])
    .map((match) => ({ code: match[1] ?? "", text: match[2] ?? "" }));
}
