import { winRace } from "@keepsake/core/care";
import { newChoice, setChoices, type Choice } from "@keepsake/core/history";
import type { Session } from "../session.ts";

/** What backups leave out, as the page tells of it. */
export interface ChoiceShown extends Omit<Choice, "chats"> {
  /** Of so many chats; of all where it is absent. */
  readonly chats?: number | undefined;
}

/** What backups leave out from now on. What the vault holds already stays. */
export class LeftOut {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  list(): readonly ChoiceShown[] {
    const { choices = [] } = this.#session.open.newest.root;
    return choices.map(({ chats, ...choice }) => ({ ...choice, chats: chats?.length }));
  }

  add(choices: readonly Omit<Choice, "id">[]): Promise<void> {
    return this.#change((now, newest) => [...now, ...choices.map((choice) => newChoice(newest, choice))]);
  }

  /** From the next backup on it is kept again. */
  remove(id: string): Promise<void> {
    return this.#change((now) => now.filter((choice) => choice.id !== id));
  }

  async #change(
    change: (now: readonly Choice[], newest: Parameters<typeof setChoices>[0]) => readonly Choice[],
  ): Promise<void> {
    await this.#session.refresh();
    const { vault, isSample } = this.#session.open;
    const { snapshot } = await winRace(vault, async (newest) => ({
      snapshot: await setChoices(newest, change(newest.root.choices ?? [], newest)),
      value: undefined,
    }));
    await this.#session.show(vault, snapshot, isSample);
  }
}
