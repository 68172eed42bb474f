import { randomLetters } from "../../../keys/ids.ts";

/* What Alipay keeps: trades, refunds, agreements, the log of the account. */

export interface SimTrade {
  readonly charge: string;
  readonly trade: string;
  readonly amount: number;
  readonly title: string;
  status: "WAIT_BUYER_PAY" | "TRADE_SUCCESS" | "TRADE_CLOSED";
  paidMs: number;
}

export interface SimRefund {
  readonly name: string;
  readonly charge: string;
  readonly amount: number;
  readonly atMs: number;
}

export interface SimAgreement {
  readonly no: string;
  readonly name: string;
  /** The most that one charge may have. */
  readonly most: number;
  status: "TEMP" | "NORMAL" | "STOP";
}

export interface SimEntry {
  readonly id: string;
  readonly atMs: number;
  readonly amount: number;
  readonly charge: string;
}

export class AlipayBooks {
  readonly trades = new Map<string, SimTrade>();
  readonly refunds = new Map<string, SimRefund>();
  readonly agreements = new Map<string, SimAgreement>();
  readonly log: SimEntry[] = [];
  /** Whether nobody's money suffices. */
  declines = false;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  open(charge: string, amount: number, title: string): SimTrade | string {
    const before = this.trades.get(charge);
    if (before !== undefined && before.amount !== amount) return "ACQ.CONTEXT_INCONSISTENT";
    if (before !== undefined && before.paidMs > 0) return "ACQ.TRADE_HAS_SUCCESS";
    if (!Number.isSafeInteger(amount) || amount <= 0) return "ACQ.INVALID_PARAMETER";
    const trade: SimTrade = before ?? {
      charge,
      trade: `2027${randomLetters(24)}`,
      amount,
      title,
      status: "WAIT_BUYER_PAY",
      paidMs: 0,
    };
    this.trades.set(charge, trade);
    return trade;
  }

  pay(trade: SimTrade): void {
    trade.status = "TRADE_SUCCESS";
    trade.paidMs = this.#nowS();
    this.#write(trade.charge, trade.amount);
  }

  charge(agreementNo: unknown, trade: SimTrade): string | undefined {
    const agreement = [...this.agreements.values()].find(({ no }) => no === agreementNo);
    if (agreement?.status !== "NORMAL") return "ACQ.AGREEMENT_NOT_EXIST";
    if (trade.amount > agreement.most) return "ACQ.AGREEMENT_ERROR";
    if (this.declines) return "ACQ.BUYER_BALANCE_NOT_ENOUGH";
    this.pay(trade);
    return undefined;
  }

  refund(charge: string, name: string, amount: number): SimRefund | string {
    const trade = this.trades.get(charge);
    if (trade === undefined || trade.paidMs === 0) return "ACQ.TRADE_NOT_EXIST";
    const before = this.refunds.get(name);
    if (before !== undefined) return before.amount === amount ? before : "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL";
    const made = [...this.refunds.values()].filter((each) => each.charge === charge);
    const left = made.reduce((sum, each) => sum - each.amount, trade.amount);
    if (!(amount > 0 && amount <= left)) return "ACQ.REASON_TRADE_REFUND_FEE_ERR";
    const refund = { name, charge, amount, atMs: this.#nowS() };
    this.refunds.set(name, refund);
    if (amount === left) trade.status = "TRADE_CLOSED";
    this.#write(charge, -amount);
    return refund;
  }

  #write(charge: string, amount: number): void {
    this.log.push({ id: randomLetters(20), atMs: this.#nowS(), amount, charge });
  }

  #nowS(): number {
    return Math.floor(this.#now() / 1000) * 1000;
  }
}
