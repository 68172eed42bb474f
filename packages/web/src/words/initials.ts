/*
 * Chinese names are looked for by the first letters of how they are spoken, as on every phone: "zs" for 张三. The order of
 * the browser's own table of Chinese by sound tells the letter; characters that are spoken in several ways have the one
 * that the table knows.
 */
const letters = "abcdefghjklmnopqrstwxyz";
/** The first character of each letter in the order of sounds. */
const firsts = "阿八嚓哒妸发旮哈讥咔垃痳拏噢妑七呥扨它穵夕丫帀";

let bySound: Intl.Collator | undefined;

/** The first letters of a text: those of Chinese by sound, and all else as it is, without spaces. */
export function initials(text: string): string {
  bySound ??= new Intl.Collator("zh-CN-u-co-pinyin");
  let made = "";
  for (const character of text.toLowerCase()) {
    if (/\s/.test(character)) continue;
    made += /\p{Script=Han}/u.test(character) ? letterOf(character, bySound) : character;
  }
  return made;
}

function letterOf(character: string, order: Intl.Collator): string {
  let [low, high] = [0, firsts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order.compare(firsts[middle]!, character) <= 0) low = middle + 1;
    else high = middle;
  }
  return letters[Math.max(0, low - 1)]!;
}
