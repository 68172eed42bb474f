/** The words of a recovery kit, be it the page or the text; any other text as it is. */
export function wordsInKit(text: string): string {
  const items = [...text.matchAll(/<li>([^<]+)<\/li>/g)].map((match) => match[1]!);
  if (items.length > 0) return items.join(" ");
  const numbered = [...text.matchAll(/(?:^|\s)(\d{1,2})[.)]\s+(\p{Letter}+)/gu)];
  const isKit = numbered.length === 24 && numbered.every((match, i) => Number(match[1]) === i + 1);
  return isKit ? numbered.map((match) => match[2]!).join(" ") : text;
}
