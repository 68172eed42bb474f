const named: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", "\u00a0"],
]);
const number = /^#(?:(\d{1,7})|[xX]([0-9a-fA-F]{1,6}))$/;
/** Of what may stand between `&` and `;`. */
const longest = "#1234567".length;

/** A text with its references replaced. What is no reference that XML knows by itself stays as it is: a lone `&` too. */
export function decodeEntities(text: string): string {
  let mark = text.indexOf("&");
  if (mark < 0) return text;
  let decoded = "";
  let taken = 0;
  for (; mark >= 0; mark = text.indexOf("&", mark + 1)) {
    // No farther than a reference goes: a text may be full of `&`.
    const said = text.slice(mark + 1, mark + 2 + longest);
    const length = said.indexOf(";");
    const meant = length < 0 ? undefined : meaning(said.slice(0, length));
    if (meant === undefined) continue;
    decoded += text.slice(taken, mark) + meant;
    taken = mark + length + 2;
  }
  return decoded + text.slice(taken);
}

function meaning(said: string): string | undefined {
  const known = named.get(said);
  if (known !== undefined || !said.startsWith("#")) return known;
  const [, decimal, hex] = number.exec(said) ?? [];
  if (decimal !== undefined) return character(parseInt(decimal, 10));
  return hex === undefined ? undefined : character(parseInt(hex, 16));
}

function character(code: number): string | undefined {
  const isCharacter = code > 0 && code <= 0x10_ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}
