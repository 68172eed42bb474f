import {
  yearsAhead,
  type AccountState,
  type RemovalAhead,
  type YearAhead,
} from "@keepsake/core/client/plans";
import type { Routes } from "@keepsake/core/protocol";
import type { Session } from "../session.ts";
import { givesWeeks, PlanBox } from "./kept.ts";
import { Payer } from "./payer.ts";

export type Receipt = Routes["GET /v1/pay/receipts"]["answer"]["receipts"][number];
export type Removal = Routes["GET /v1/level/removals"]["answer"]["removals"][number];
/** What would go if nobody paid any more. */
export interface Ahead extends Omit<RemovalAhead, "weeks"> {
  readonly years: readonly YearAhead[];
}
export type Seat = Routes["GET /v1/pay/subscriptions/{id}/seats"]["answer"]["seats"][number];
export type Gift = AccountState["gifts"][number];
export type Contact = AccountState["contacts"][number];

/** What goes with a plan: receipts and bills, where one hears of charges, places for others, and rules of one's own. */
export class Papers {
  readonly #session: Session;
  readonly #payer: Payer;

  constructor(session: Session) {
    this.#session = session;
    this.#payer = new Payer(session);
  }

  async receipts(): Promise<readonly Receipt[]> {
    const payer = await this.#payer.found();
    return payer === undefined ? [] : (await payer.call("GET /v1/pay/receipts")).receipts;
  }

  async askBill(body: Routes["POST /v1/pay/invoices"]["body"]): Promise<void> {
    await (await this.#payer.needed()).call("POST /v1/pay/invoices", { body });
  }

  /** Says that notices were seen here, which counts as delivered. */
  async showNotices(shown: readonly string[]): Promise<void> {
    await (await this.#payer.needed()).call("POST /v1/pay/notices", { body: { shown } });
  }

  /** Sends a code there; gives the name under which it is typed back. */
  async addContact(contact: Routes["POST /v1/pay/contacts"]["body"]["contact"]): Promise<string> {
    return (await (await this.#payer.needed()).call("POST /v1/pay/contacts", { body: { contact } })).id;
  }

  async confirmContact(id: string, code: string): Promise<void> {
    const payer = await this.#payer.needed();
    await payer.call("PUT /v1/pay/contacts/{id}", { params: { id }, body: { code } });
  }

  async removeContact(id: string): Promise<void> {
    await (await this.#payer.needed()).call("DELETE /v1/pay/contacts/{id}", { params: { id } });
  }

  async seats(id: string): Promise<readonly Seat[]> {
    const payer = await this.#payer.needed();
    return (await payer.call("GET /v1/pay/subscriptions/{id}/seats", { params: { id } })).seats;
  }

  /** Gives room away; gives the code by which somebody takes it, this once. */
  async giveSeat(id: string, roomBytes: number): Promise<string> {
    const payer = await this.#payer.needed();
    const given = { params: { id }, body: { roomBytes } };
    return (await payer.call("POST /v1/pay/subscriptions/{id}/seats", given)).code;
  }

  /** Makes the code of a gift; gives it, this once, and the one before holds no longer. */
  async giftCode(id: string): Promise<string> {
    const payer = await this.#payer.needed();
    return (await payer.call("POST /v1/pay/subscriptions/{id}/gift", { params: { id } })).code;
  }

  async endSeat(id: string): Promise<void> {
    await (await this.#payer.needed()).call("DELETE /v1/pay/seats/{id}", { params: { id } });
  }

  /** After how many days without a device the membership is to end; 0 for never. */
  async idleDays(): Promise<number> {
    return (await (await this.#payer.member()).call("GET /v1/level/idle")).days;
  }

  async setIdleDays(days: Routes["PUT /v1/level/idle"]["body"]["days"]): Promise<void> {
    await (await this.#payer.member()).call("PUT /v1/level/idle", { body: { days } });
  }

  /** What would go for want of payment, by years: to be shown before anything does. */
  async ahead(): Promise<Ahead> {
    const { weeks, ...more } = await (await this.#payer.member()).call("GET /v1/level/removals/ahead");
    return { ...more, years: yearsAhead({ weeks }) };
  }

  /** Whether the server is told from when files are that this browser stores. */
  givesWeeks(): Promise<boolean> {
    return givesWeeks(this.#session);
  }

  setGivesWeeks(isOn: boolean): Promise<void> {
    return new PlanBox(this.#session).amend({ givesWeeks: isOn });
  }

  async removals(): Promise<readonly Removal[]> {
    return (await (await this.#payer.member()).call("GET /v1/level/removals")).removals;
  }
}
