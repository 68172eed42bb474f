/** A word as somebody typed it from a recovery card, and which of the words it is to be. */
export interface Answer {
  readonly place: number;
  readonly word: string;
}

/** Whether the words in the asked places are right. */
export function isTypedBack(words: readonly string[], answers: readonly Answer[]): boolean {
  const typed = (word: string): string => word.normalize("NFKC").trim().toLowerCase();
  return (
    words.length > 0 && answers.length > 0 && answers.every(({ place, word }) => words[place] === typed(word))
  );
}
