import { KeepsakeError } from "../../../base/index.ts";
import type { Snapshot } from "../../../vault/index.ts";
import { isChat, type History } from "../../state/state.ts";
import { windowsOf, type ForgetRule } from "../../state/rules.ts";
import { newBatch } from "../../write/batch.ts";
import { commitBatch } from "../../write/commit.ts";
import { planForgetMessages, type ForgetMessagesPlan, type ForgetOptions } from "../forget-messages.ts";

const DAY_MS = 86_400_000;

/** How far back a history is to reach, and of how many chats all is kept. */
export interface Window {
  readonly days: number;
  readonly chatsForEver: number;
}

export interface WindowOptions extends ForgetOptions {
  readonly now: number;
  /** Chats to be kept for ever, by id; those that were chosen if absent. */
  readonly kept?: readonly string[] | undefined;
}

/**
 * Finds what leaves a history by a window: messages that are older than so many days, of all chats but those that are
 * kept for ever. Messages of which nobody knows the time stay. Nothing is done until the plan's rule is forgotten.
 * Throws `history.too-many-for-ever`.
 */
export async function planWindow(
  history: History,
  { days, chatsForEver }: Window,
  { now, kept = keptForEver(history), report }: WindowOptions,
): Promise<ForgetMessagesPlan> {
  requireFew(kept, chatsForEver);
  // Earlier versions may hold chats that the newest does not.
  const chats = [...history.entries.values()]
    .filter(({ id, name }) => isChat(history, id) && !kept.includes(name))
    .map(({ name }) => name);
  return planForgetMessages(history, { isWindow: true, chats, until: now - days * DAY_MS }, { report });
}

/** Ids of the chats that are kept for ever, as far as they are there. */
export function keptForEver(history: History): readonly string[] {
  const there = new Set([...history.entries.values()].map(({ name }) => name));
  return (history.root.keptForEver ?? []).filter((chat) => there.has(chat));
}

/** Writes down which chats are kept for ever: these and no others. Throws `history.too-many-for-ever`. */
export async function keepForEver(
  history: History,
  chats: readonly string[],
  { chatsForEver }: Pick<Window, "chatsForEver">,
): Promise<Snapshot | "raced"> {
  requireFew(chats, chatsForEver);
  return commitBatch(newBatch(history), { verb: "choose", keptForEver: [...new Set(chats)] });
}

/**
 * Has backups bring back again what only a window keeps out, as far as sources still have it: for who has a plan
 * without one now.
 */
export async function liftWindow(history: History): Promise<Snapshot | "raced"> {
  const others = (history.root.rules ?? []).filter(({ isWindow }) => isWindow !== true);
  // A window of no chat stays: by it, sources are others than when they were read last, and are read again.
  const lifted: ForgetRule = { isWindow: true, chats: [], until: history.vault.clock.now() };
  return commitBatch(newBatch(history), { verb: "choose", rules: [...others, lifted] });
}

/** Whether a window lets backups bring back something that the one before kept out. */
export function isLooser({ root }: History, { until, chats }: ForgetRule): boolean {
  return windowsOf(root.rules).some(
    (old) => old.until > until || old.chats?.every((chat) => chats?.includes(chat)) === false,
  );
}

/** Whether the last step was to forget by a window, so that undo takes back just that. */
export function isWindowLast({ root, snapshot }: History): boolean {
  // Whatever is forgotten, its rule comes last.
  return snapshot.head.verb === "forget-messages" && root.rules?.at(-1)?.isWindow === true;
}

function requireFew(chats: readonly string[], most: number): void {
  const chosen = new Set(chats).size;
  if (chosen > most) throw new KeepsakeError("history.too-many-for-ever", { details: { most, chosen } });
}
