import type { ReadMemory } from "../../model/index.ts";
import type { Sources } from "../state/sources.ts";
import type { History } from "../state/state.ts";

/** What a reader kept at a run of its source. */
export interface Memo {
  /** The run whose end it describes. */
  readonly run: string;
  /** What choices and windows left out then: where it is something else now, everything is read. */
  readonly choices: string;
  /** Collections of the chats that it is of: where one was forgotten since, everything is read. */
  readonly collections: readonly string[];
  /** When the last message that was shown of each chat was sent: what choices leave out of it was counted. */
  readonly shownUntil: Readonly<Record<string, number>>;
  readonly text: string;
}

/** Where one device keeps the memo of one source; losing it costs time, never content. */
export interface MemoStore {
  load(): Promise<Memo | undefined>;
  /** Undefined: the next run reads everything. */
  save(memo: Memo | undefined): Promise<void>;
}

/** What a reader may pass over, and what it keeps this time. */
export class Memory implements ReadMemory {
  readonly choices: string;
  readonly sha256Text: (text: string) => string;
  readonly #memo: Memo | undefined;
  #kept: string | undefined;

  private constructor(memo: Memo | undefined, choices: string, sha256Text: (text: string) => string) {
    this.#memo = memo;
    this.choices = choices;
    this.sha256Text = sha256Text;
  }

  get before(): string | undefined {
    return this.#memo?.text;
  }

  /** Until when what was left out of each chat was counted already. */
  get countedUntil(): Memo["shownUntil"] {
    return this.#memo?.shownUntil ?? {};
  }

  /** The same with nothing before: for a run that reads everything. */
  forgetful(): Memory {
    return new Memory(undefined, this.choices, this.sha256Text);
  }

  keep(memo: string): void {
    this.#kept = memo;
  }

  /** What the reader kept, as the memo of its run; undefined where it keeps none. */
  memo(about: Pick<Memo, "run" | "collections" | "shownUntil">): Memo | undefined {
    return this.#kept === undefined ? undefined : { ...about, choices: this.choices, text: this.#kept };
  }

  /**
   * A memo counts if its run is the last one of a source of that name, so that nobody has said anything of it since,
   * and if no chat of it was forgotten since, even if it came again from elsewhere.
   */
  static async open(
    { vault, entries }: History,
    { sources, runs }: Sources,
    {
      name,
      memos,
      choices,
    }: { readonly name: string; readonly memos: MemoStore | undefined; readonly choices: string },
  ): Promise<Memory | undefined> {
    if (memos === undefined) return undefined;
    const memo = await memos.load();
    const source = runs.find(({ id }) => id === memo?.run)?.source;
    const isLast = runs.findLast((run) => run.source === source)?.id === memo?.run;
    const isOurs = source !== undefined && isLast && sources.get(source)?.name === name;
    const isThere = memo?.choices === choices && memo.collections.every((id) => entries.has(id));
    const before = isOurs && isThere ? memo : undefined;
    return new Memory(before, choices, (text) => vault.primitives.sha256Text(text));
  }
}
