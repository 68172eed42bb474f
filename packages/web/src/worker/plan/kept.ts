import { bytesToText, textToBytes } from "@keepsake/core/base";
import type { KeptTickets } from "@keepsake/core/client/plans";
import { PLAN_NAME } from "../device/device.ts";
import type { Session } from "../session.ts";

/** What this browser keeps of plans, under its lock. */
export interface KeptPlan {
  readonly tickets?: KeptTickets | undefined;
  /** On which day tickets were asked for last. */
  readonly gotDay?: number;
  /** When those are to be shown; absent once they were. */
  readonly showAtMs?: number | undefined;
  /** The cell of the member, as tickets name it. */
  readonly cell?: number;
  /** Whether somebody here began to pay. */
  readonly hasAccount?: boolean;
  /** Whether the server is told from when files are; absent where it is so because somebody pays here. */
  readonly givesWeeks?: boolean;
  /** A payment that was begun here, and how it goes on. */
  readonly begun?: KeptBegun | undefined;
}

export interface KeptBegun {
  readonly id: string;
  readonly next:
    | { readonly how: "transfer"; readonly to: string; readonly purpose: string }
    | { readonly how: "qr"; readonly text: string }
    | { readonly how: "elsewhere" };
}

/** Whether the server is told from when files are: where somebody pays for more room there, unless the person said no. */
export async function givesWeeks(session: Session): Promise<boolean> {
  const kept = await new PlanBox(session).read();
  return kept.givesWeeks ?? kept.tickets?.tickets.some(({ kind }) => kind === "week") ?? false;
}

/** Reads and changes it, one after the other. */
export class PlanBox {
  readonly #session: Session;
  #changed: Promise<unknown> = Promise.resolve();

  constructor(session: Session) {
    this.#session = session;
  }

  async read(): Promise<KeptPlan> {
    const bytes = await this.#session.readSealed(PLAN_NAME);
    return bytes === undefined ? {} : (JSON.parse(bytesToText(bytes)) as KeptPlan);
  }

  amend(change: KeptPlan): Promise<void> {
    const changed = this.#changed.then(async () => {
      const kept = { ...(await this.read()), ...change };
      await this.#session.keepSealed(PLAN_NAME, textToBytes(JSON.stringify(kept)));
    });
    this.#changed = changed.catch(() => undefined);
    return changed;
  }
}
