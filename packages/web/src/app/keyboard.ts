import { signal, type Signal } from "@preact/signals";
import { go, route, to } from "../state/route.ts";

/** Whether the list of keys is shown. */
export const isHelpOpen: Signal<boolean> = signal(false);

/** How long a `g` waits for the letter after it. */
const WAIT_MS = 1_500;

/** Where `g` and a letter lead. */
const places: Readonly<Record<string, string>> = {
  h: "home",
  c: "chats",
  s: "search",
  o: "sources",
  v: "versions",
  p: "storage",
  e: "settings",
  m: "media",
  n: "people",
  y: "look-back",
};

/** Has the page listen to keys; gives what ends it. */
export function listenToKeys(): () => void {
  let wentAtMs = 0;
  const listen = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") return leave();
    if (isTyping(event.target)) return;
    const isAfterG = performance.now() - wentAtMs < WAIT_MS;
    wentAtMs = event.key === "g" && !isAfterG ? performance.now() : 0;
    if (isAfterG ? goTo(event.key) : act(event.key)) event.preventDefault();
  };
  document.addEventListener("keydown", listen);
  return () => document.removeEventListener("keydown", listen);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
  );
}

/** Closes what is open, or goes back to where it was opened from. */
function leave(): void {
  if (isHelpOpen.value) isHelpOpen.value = false;
  else if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
  else if (document.querySelector("dialog[open]") === null) up();
}

/** From a chat to the chats, from somebody to all. */
function up(): void {
  const { page, rest } = route.value;
  const [chat] = rest;
  if (chat === undefined) return;
  if (page === "media") go(to("chats", [chat]));
  else if (page === "chats" || page === "people") go(to(page));
}

function goTo(key: string): boolean {
  if (key === "d") {
    const date = document.querySelector<HTMLInputElement>(".date-pick input");
    date?.focus();
    return date !== null;
  }
  const page = places[key];
  if (page !== undefined) go(to(page));
  return page !== undefined;
}

function act(key: string): boolean {
  if (key === "/") go(to("search"));
  else if (key === "?") isHelpOpen.value = true;
  else if (key === "j" || key === "k") return move(key === "j" ? 1 : -1);
  else if (key === "n" || key === "N") return toHit(key === "n" ? "older" : "newer");
  else return false;
  return true;
}

/** To another one of what was found. */
function toHit(which: "older" | "newer"): boolean {
  const button = document.querySelector<HTMLButtonElement>(`.hit-bar .${which}`);
  button?.click();
  return button !== null;
}

/** To the next or the last row of what is read: lines of a chat, or else chats. */
function move(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>(".line")];
  const all =
    rows.length > 0
      ? rows
      : [...document.querySelectorAll<HTMLElement>(".chat-row, .hits a, .item-row a, .tile")];
  if (all.length === 0) return false;
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = at === -1 ? firstSeen(all) : all[at + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return next !== undefined;
}

function firstSeen(rows: readonly HTMLElement[]): HTMLElement | undefined {
  return rows.find((row) => row.getBoundingClientRect().bottom > innerHeight / 2) ?? rows.at(-1);
}
