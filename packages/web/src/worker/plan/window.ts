import type { Report } from "@keepsake/core/base";
import type { ForgetMessagesPlan, Window } from "@keepsake/core/care";
import { hasWindow, type History } from "@keepsake/core/history";
import type { Snapshot } from "@keepsake/core/vault";
import type { Session } from "../session.ts";

/** How a history stands to the windows of plans. */
export interface WindowState {
  /** Chats that are kept for ever, by id. */
  readonly kept: readonly string[];
  /** Whether backups leave something out because of a window. */
  readonly hasWindow: boolean;
  /** Whether undo would take back just what a window took out. */
  readonly mayUndo: boolean;
}

/** What is older than a window: all of it would go, and nothing else. */
export interface Older {
  /** What it is asked for by. */
  readonly number: number;
  readonly chats: readonly OlderChat[];
  readonly messages: number;
  /** Files that nothing else uses, each counted once. */
  readonly files: number;
  readonly fileBytes: number;
  /** Messages before this time. */
  readonly untilMs: number;
  /** Whether it lets backups bring back something that an earlier window kept out. */
  readonly isLooser: boolean;
  /** Whether other chats are kept for ever than before. */
  readonly isOtherChoice: boolean;
}

export interface OlderChat {
  readonly id: string;
  /** Empty where nobody gave it a name. */
  readonly title: string;
  readonly messages: number;
  readonly files: number;
  readonly fileBytes: number;
  readonly first: number | null;
  readonly last: number | null;
}

/** What was shown, to be done as it was shown. */
interface Shown {
  readonly number: number;
  /** The version that was looked at. */
  readonly hash: string;
  readonly window: Window;
  readonly kept: readonly string[];
  readonly plan: ForgetMessagesPlan;
}

/** How far back a plan reaches, and what that means for the history. Nothing goes but what was shown. */
export class PlanWindow {
  readonly #session: Session;
  #shown: Shown | undefined;
  #looks = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  async state(): Promise<WindowState> {
    const { isWindowLast, keptForEver } = await care();
    await this.#session.refresh();
    const { newest } = this.#session.open;
    return { kept: keptForEver(newest), hasWindow: hasWindow(newest), mayUndo: isWindowLast(newest) };
  }

  /** Finds what is older than a window, if these chats are kept for ever. Changes nothing. */
  async look(window: Window, kept: readonly string[], report: Report): Promise<Older> {
    const { isLooser, keptForEver, planWindow } = await care();
    const number = ++this.#looks;
    await this.#session.refresh();
    const { newest, view } = this.#session.open;
    const plan = await planWindow(newest, window, { now: Date.now(), kept, report });
    this.#shown = { number, hash: newest.snapshot.head.hash, window, kept, plan };
    const titles = await this.#session.titles(view);
    const { chats, rule } = plan;
    return {
      number,
      chats: chats
        .map(({ chat: id, messages, attachments: files, attachmentBytes: fileBytes, first, last }) => {
          const title = titles.get(id) ?? "";
          return { id, title: title === id ? "" : title, messages, files, fileBytes, first, last };
        })
        .sort((a, b) => b.messages - a.messages),
      messages: chats.reduce((sum, each) => sum + each.messages, 0),
      files: plan.attachments,
      fileBytes: plan.attachmentBytes,
      untilMs: rule.until,
      isLooser: isLooser(newest, rule),
      isOtherChoice: isOther(kept, keptForEver(newest)),
    };
  }

  /**
   * Does what was shown: writes down the choice, and forgets. Where something else was shown or has changed since,
   * nothing is done, so that it can be looked at again: whether it was done.
   */
  async apply(number: number, report: Report): Promise<boolean> {
    const { forgetMessages, isLooser, keepForEver, keptForEver } = await care();
    await this.#session.refresh();
    const shown = this.#shown;
    let { newest } = this.#session.open;
    if (shown?.number !== number || shown.hash !== newest.snapshot.head.hash) return false;
    this.#shown = undefined;
    const { window, kept, plan } = shown;
    if (isOther(kept, keptForEver(newest))) {
      const chosen = await this.#show(await keepForEver(newest, kept, window));
      if (chosen === undefined) return false;
      newest = chosen;
    }
    if (plan.chats.length === 0 && !isLooser(newest, plan.rule)) return true;
    return (await this.#show(await forgetMessages(newest, plan.rule, { report }))) !== undefined;
  }

  /** Has backups bring back what only a window keeps out. */
  async lift(): Promise<void> {
    const { liftWindow, winRace } = await care();
    await this.#session.refresh();
    const { vault } = this.#session.open;
    const { snapshot } = await winRace(vault, async (newest) => {
      return { snapshot: await liftWindow(newest), value: undefined };
    });
    await this.#show(snapshot);
  }

  /** Takes back what a window took out, as long as that was the last step: whether it was. Throws `history.cannot-undo`. */
  async undo(): Promise<boolean> {
    const { isWindowLast, planUndo, undo } = await care();
    await this.#session.refresh();
    const { newest } = this.#session.open;
    if (!isWindowLast(newest)) return false;
    return (await this.#show(await undo(newest, await planUndo(newest)))) !== undefined;
  }

  /** Looks at a version from now on; undefined where another device was quicker. */
  async #show(snapshot: Snapshot | "raced"): Promise<History | undefined> {
    if (snapshot === "raced") return undefined;
    const { vault, isSample } = this.#session.open;
    return (await this.#session.show(vault, snapshot, isSample)).newest;
  }
}

/** As one part with all that looks after a vault: cut finer, what the worker loads at its start would grow. */
function care() {
  return import("@keepsake/core/care");
}

function isOther(chosen: readonly string[], before: readonly string[]): boolean {
  return chosen.length !== before.length || chosen.some((chat) => !before.includes(chat));
}
