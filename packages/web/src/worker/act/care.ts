import type { Report } from "@keepsake/core/base";
import type { Rehearsal } from "@keepsake/core/care";
import { chatCollections, readSources, summaryOf } from "@keepsake/core/history";
import type { KeptDevice } from "../device/device.ts";
import type { Session } from "../session.ts";

/** What the traffic light goes by. Times are milliseconds; absent where it never was. */
export interface CareState {
  readonly messages: number;
  readonly attachments: number;
  /** Of the newest message that is kept. */
  readonly lastMessageMs?: number;
  /** When something was backed up last, from any device. */
  readonly backedUpMs?: number;
  readonly sources: number;
  readonly wordsCheckedMs?: number;
  /** Whether there are recovery words that were not typed back yet. */
  readonly hasWords: boolean;
  /** Whether a new recovery card was begun and perhaps not ended. */
  readonly isCardChanging: boolean;
  /** When another device made a new recovery card, which was not checked here yet. */
  readonly newCardMs?: number;
  readonly rehearsedMs?: number;
  readonly copiedMs?: number;
  readonly isSample: boolean;
}

/** Looking after what is kept. */
export class Care {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async state(): Promise<CareState> {
    const { history, reader, isSample } = this.#session.open;
    const all = chatCollections(history).map((collection) => summaryOf(history, collection));
    const sum = (of: "messages" | "attachments"): number => all.reduce((total, each) => total + each[of], 0);
    const last = Math.max(0, ...all.map((each) => each.last ?? 0));
    const { sources, runs } = await readSources(reader);
    const backedUp = Math.max(0, ...runs.map(({ asOf }) => asOf));
    const kept: Partial<KeptDevice> = isSample ? {} : this.#session.device;
    const { wordsCheckedMs, rehearsedMs, copiedMs, newCardMs } = kept;
    const { hasWords = false, isCardChanging = false } = kept;
    return {
      messages: sum("messages"),
      attachments: sum("attachments"),
      ...(last > 0 && { lastMessageMs: last }),
      ...(backedUp > 0 && { backedUpMs: backedUp }),
      sources: sources.size,
      ...(wordsCheckedMs !== undefined && { wordsCheckedMs }),
      hasWords,
      isCardChanging,
      ...(newCardMs !== undefined && { newCardMs }),
      ...(rehearsedMs !== undefined && { rehearsedMs }),
      ...(copiedMs !== undefined && { copiedMs }),
      isSample,
    };
  }

  /** Restores a random sample from what lies on the server into nothing, and compares it. */
  async rehearse(report: Report): Promise<Rehearsal> {
    const { rehearse } = await import("@keepsake/core/care");
    const { history, isSample } = this.#session.open;
    const rehearsal = await rehearse({ ...history, vault: this.#session.direct }, { report });
    if (rehearsal.failedChats.length === 0 && !isSample)
      await this.#session.amend({ rehearsedMs: Date.now() });
    return rehearsal;
  }
}
