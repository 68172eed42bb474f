import { signal, type Signal } from "@preact/signals";

/** How the page looks: `auto` as the system does. */
export type Theme = "auto" | "light" | "dark";

/** `large`: for who reads large letters, one task a screen. */
export type Size = "usual" | "large";

/** How a chat is read: as one long row, of which only what is seen exists, or in pages. */
export type Reading = "flow" | "pages";

const KEPT = "keepsake-look";

interface Look {
  readonly theme: Theme;
  readonly size: Size;
  readonly reading: Reading;
  /** Whether names, texts and pictures are blurred, for screenshots. */
  readonly isBlurred: boolean;
  /** After so long without a touch the page locks itself; 0 for never. */
  readonly lockMinutes: number;
}

const usual: Look = { theme: "auto", size: "usual", reading: "flow", isBlurred: false, lockMinutes: 15 };

export const look: Signal<Look> = signal(readLook());

/** Changes the look, also for the next time. */
export function changeLook(change: Partial<Look>): void {
  look.value = { ...look.value, ...change };
  localStorage.setItem(KEPT, JSON.stringify(look.value));
  showLook();
}

/** Has the style sheets know the look. */
export function showLook(): void {
  const { theme, size, isBlurred } = look.value;
  const { dataset } = document.documentElement;
  dataset["theme"] = theme;
  dataset["size"] = size;
  dataset["blur"] = isBlurred ? "yes" : "no";
}

function readLook(): Look {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<Look>;
    return { ...usual, ...kept };
  } catch {
    return usual;
  }
}
