import { diff, historyAt, listSnapshots } from "@keepsake/core/history";
import type { Session } from "../session.ts";

/** A version of the vault. */
export interface VersionLine {
  readonly number: number;
  readonly timeMs: number;
  readonly verb: string;
  readonly device: string;
  readonly chats: number;
  readonly messages: number;
  readonly attachments: number;
  /** Whether it can still be looked at. */
  readonly isKept: boolean;
  readonly isShown: boolean;
}

/** What a version changed in a chat. */
export interface ChangeLine {
  readonly chat: string;
  readonly title: string;
  readonly change: "added" | "removed" | "changed";
  readonly messages: readonly [before: number, after: number];
  readonly attachments: readonly [before: number, after: number];
}

/** Every state that the vault was in. */
export class Versions {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The newest first, as many as are asked for. */
  async list(most: number): Promise<readonly VersionLine[]> {
    const { newest, history } = this.#session.open;
    const names = new Map(newest.snapshot.directory.devices);
    const lines: VersionLine[] = [];
    for await (const { head, isForgotten } of listSnapshots(newest)) {
      const { number, time, verb, counts, writer } = head;
      lines.push({
        number,
        timeMs: time,
        verb,
        device: names.get(writer) ?? `#${writer}`,
        ...counts,
        isKept: !isForgotten,
        isShown: number === history.snapshot.head.number,
      });
      if (lines.length >= most) break;
    }
    return lines;
  }

  /** What is different in a version from the one before it that is still kept. */
  async changes(number: number): Promise<readonly ChangeLine[]> {
    const { newest, view } = this.#session.open;
    const before = await this.#before(number);
    if (before === undefined) return [];
    const changes = diff(await historyAt(newest, before), await historyAt(newest, number));
    const titles = await this.#session.titles(view);
    return changes.map(({ chat, ...change }) => ({ chat, title: titles.get(chat) ?? chat, ...change }));
  }

  /** Has all pages show a version; the newest where none is named. */
  async show(number: number | undefined): Promise<void> {
    const { newest } = this.#session.open;
    await this.#session.look(number === undefined ? newest : await historyAt(newest, number));
  }

  async #before(number: number): Promise<number | undefined> {
    for await (const { head, isForgotten } of listSnapshots(this.#session.open.newest))
      if (head.number < number && !isForgotten) return head.number;
    return undefined;
  }
}
