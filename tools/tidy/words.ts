import { createHash } from "node:crypto";
import { isFixture, type Tree, type Verdict } from "./tree.ts";

/** What no file of ours says. Written so that this file does not match itself. */
const patterns: Readonly<Record<string, RegExp>> = {
  "work left undone": /\b(?:TOD[O]|FIXM[E]|XX[X])\b/,
  "a path of one machine": /(?<![\w.*])\/(?:work|root)\/[\w.]|\.\.\/share[d]\//,
  "a private key": /-----BEGIN [A-Z ]*PRIVATE KE[Y]/,
  "a conflict left unresolved": /^(?:<{7}|>{7}) /m,
  "a number in a tracker that not everyone can read": /\b[Ii]ssue #?\d/,
};

/** Digests of names of other people's tools that Keepsake does not mention; digests, so as not to mention them here. */
const unmentioned = new Set<string>([
  "da46bcde60bdcbf2",
  "d5ce7eb47f110fbd",
  "3841eca114d6a06e",
  "fc738872555aaacd",
  "94f8b756fde3e78c",
  "750ff4105dfb2367",
  "b567b82a168b4a31",
  "0b8dc9f3e14adeec",
  "464af1ce0cf28dfd",
]);

/** No file says what our files never say: paths of a machine, secrets, unfinished work, certain names. */
export function words(tree: Tree): Verdict {
  const files = [...tree].filter(
    ([path, text]) => text !== "" && !isFixture(path) && !path.endsWith("package-lock.json"),
  );
  const seen = new Map<string, boolean>();
  const violations = files.flatMap(([path, text]) => [
    ...Object.entries(patterns).flatMap(([what, pattern]) =>
      pattern.test(text) ? [`${path}: ${what}`] : [],
    ),
    ...(text.match(/[A-Za-z][\w-]{4,30}/g) ?? [])
      .filter((word) => isUnmentioned(word.toLowerCase(), seen))
      .map((word) => `${path}: names a tool that we do not mention, ${word.length} letters`),
  ]);
  return { looked: files.length, violations };
}

function isUnmentioned(word: string, seen: Map<string, boolean>): boolean {
  const known = seen.get(word);
  if (known !== undefined) return known;
  const hit = unmentioned.has(digestOf(word));
  seen.set(word, hit);
  return hit;
}

function digestOf(word: string): string {
  return createHash("sha256").update(word).digest("hex").slice(0, 16);
}
