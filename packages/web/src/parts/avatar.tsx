import type { VNode } from "preact";

const COLOURS = 8;

/** The first letter of a name on a colour that is always the same for the same person. */
export function Avatar({ name, id }: { readonly name: string; readonly id: string }): VNode {
  const [letter = "·"] = name.trim();
  return (
    <span class="avatar private" data-colour={colourOf(id)} aria-hidden="true">
      {letter}
    </span>
  );
}

function colourOf(id: string): number {
  let sum = 0;
  for (let i = 0; i < id.length; i++) sum = (sum * 31 + id.charCodeAt(i)) % 997;
  return sum % COLOURS;
}
