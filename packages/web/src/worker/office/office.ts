import type { Catalogue } from "@keepsake/core/plans";
import type { Routes } from "@keepsake/core/protocol";
import type { Session } from "../session.ts";

type Answer<R extends keyof Routes> = Routes[R]["answer"];

/** What the operator sees of plans and payments: counts, sums and papers. */
export interface Overview {
  readonly report: Answer<"GET /v1/operator/pay/report">;
  readonly sums: Answer<"GET /v1/operator/sums">;
  readonly days: Answer<"GET /v1/operator/pay/comparisons">["days"];
  readonly catalogue: Catalogue;
}

/** Money that comes or goes by hand. */
export type ByHand = Answer<"GET /v1/operator/pay/waiting">["transfers"][number];

/** A bill that is to be written. */
export type OpenBill = Answer<"GET /v1/operator/pay/invoices">["invoices"][number];

/** What waits for the operator's own hands. */
export interface ToDo {
  readonly transfers: readonly ByHand[];
  readonly refunds: readonly ByHand[];
  readonly bills: readonly OpenBill[];
  readonly catalogue: Catalogue;
  /** Whether money moves nowhere here. */
  readonly isTest: boolean;
}

/** The operator's part of the server. It refuses everybody else. */
export class Office {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async overview(): Promise<Overview> {
    const connection = await this.#session.connection();
    const [report, sums, { days }, catalogue] = await Promise.all([
      connection.call("GET /v1/operator/pay/report"),
      connection.call("GET /v1/operator/sums"),
      connection.call("GET /v1/operator/pay/comparisons"),
      connection.call("GET /v1/plans"),
    ]);
    return { report, sums, days, catalogue };
  }

  async toDo(): Promise<ToDo> {
    const connection = await this.#session.connection();
    const [{ transfers, refunds }, { invoices: bills }, { ways }, catalogue] = await Promise.all([
      connection.call("GET /v1/operator/pay/waiting"),
      connection.call("GET /v1/operator/pay/invoices"),
      connection.call("GET /v1/pay"),
      connection.call("GET /v1/plans"),
    ]);
    return { transfers, refunds, bills, catalogue, isTest: ways.some(({ isTest }) => isTest) };
  }

  /** Tells of money that was seen at the bank; negative where it was sent back. */
  async tellSeen(subscription: string, name: string, amountMinor: number): Promise<void> {
    const connection = await this.#session.connection();
    await connection.call("POST /v1/operator/pay/seen", { body: { subscription, name, amountMinor } });
  }

  /** Codes that are worth a plan. Nobody can ask for them again. */
  async makeCodes(body: Routes["POST /v1/operator/pay/codes"]["body"]): Promise<readonly string[]> {
    const connection = await this.#session.connection();
    return (await connection.call("POST /v1/operator/pay/codes", { body })).codes;
  }

  /** Codes for who has shown that they may pay less. Nobody can ask for them again. */
  async makeProofs(body: Routes["POST /v1/operator/pay/proofs"]["body"]): Promise<readonly string[]> {
    const connection = await this.#session.connection();
    return (await connection.call("POST /v1/operator/pay/proofs", { body })).codes;
  }

  async billWritten(id: string, number: string): Promise<void> {
    const connection = await this.#session.connection();
    await connection.call("PUT /v1/operator/pay/invoices/{id}", { params: { id }, body: { number } });
  }

  /** The ledger from one day to another, which is not in it, as CSV. Days are such as 2027-03-01. */
  async ledger(from: string, until: string): Promise<Blob> {
    const connection = await this.#session.connection();
    const path = `/v1/operator/pay/ledger?${new URLSearchParams({ from, until }).toString()}`;
    return (await connection.send({ method: "GET", path })).blob();
  }
}
