import { randomLetters } from "../../../keys/ids.ts";
import { beijingDayNumber, beijingHour } from "../../providers/beijing.ts";

/* What WeChat Pay keeps: orders, refunds, contracts, notices of charges to come. */

export interface SimOrder {
  readonly charge: string;
  readonly transaction: string;
  readonly total: number;
  readonly currency: string;
  readonly title: string;
  readonly type: string;
  readonly prepay: string;
  /** Where a contract is signed with it. */
  readonly contractCode?: string;
  state: "NOTPAY" | "SUCCESS" | "REFUND" | "CLOSED";
  paidMs: number;
}

export interface SimRefund {
  readonly id: string;
  readonly name: string;
  readonly charge: string;
  readonly amount: number;
  readonly total: number;
  readonly atMs: number;
}

export interface SimContract {
  readonly id: string;
  readonly code: string;
  readonly signedMs: number;
  endedMs: number | undefined;
  /** The notice of the next charge. */
  notice: { readonly day: number; readonly days: number; readonly amount: number } | undefined;
}

const FREE_MS = 12 * 60 * 60_000;

export class WechatBooks {
  readonly orders = new Map<string, SimOrder>();
  readonly refunds = new Map<string, SimRefund>();
  readonly contracts = new Map<string, SimContract>();
  /** Whether nobody's money suffices. */
  declines = false;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The same name again is the same order, if it says the same. */
  order(
    wanted: Pick<SimOrder, "charge" | "total" | "currency" | "title" | "type" | "contractCode">,
  ): SimOrder | string {
    const before = this.orders.get(wanted.charge);
    if (before !== undefined && before.state !== "NOTPAY") return "ORDERPAID";
    if (before !== undefined && before.total !== wanted.total) return "OUT_TRADE_NO_USED";
    if (!/^[\w*|-]{6,32}$/.test(wanted.charge)) return "PARAM_ERROR";
    if (!Number.isSafeInteger(wanted.total) || wanted.total <= 0) return "PARAM_ERROR";
    const order: SimOrder = before ?? {
      ...wanted,
      transaction: `42${digits(26)}`,
      prepay: `wx${digits(34)}`,
      state: "NOTPAY",
      paidMs: 0,
    };
    this.orders.set(order.charge, order);
    return order;
  }

  pay(order: SimOrder): SimContract | undefined {
    order.state = "SUCCESS";
    order.paidMs = Math.floor(this.#now() / 1000) * 1000;
    if (order.contractCode === undefined) return undefined;
    const contract: SimContract = {
      id: `2027${digits(20)}`,
      code: order.contractCode,
      signedMs: this.#now(),
      endedMs: undefined,
      notice: undefined,
    };
    this.contracts.set(contract.code, contract);
    return contract;
  }

  refund(wanted: {
    charge: string;
    name: string;
    amount: number;
    total: number;
    currency: string;
  }): SimRefund | string {
    const order = this.orders.get(wanted.charge);
    if (order === undefined || order.paidMs === 0) return "RESOURCE_NOT_EXISTS";
    const before = this.refunds.get(wanted.name);
    if (wanted.total !== order.total || wanted.currency !== order.currency) return "PARAM_ERROR";
    if (before !== undefined) return before.amount === wanted.amount ? before : "PARAM_ERROR";
    const made = [...this.refunds.values()].filter(({ charge }) => charge === order.charge);
    const left = made.reduce((sum, { amount }) => sum - amount, order.total);
    if (!Number.isSafeInteger(wanted.amount) || wanted.amount <= 0 || wanted.amount > left)
      return "INVALID_REQUEST";
    const { name, charge, amount, total } = wanted;
    const atMs = Math.floor(this.#now() / 1000) * 1000;
    const refund = { id: `50${digits(26)}`, name, charge, amount, total, atMs };
    this.refunds.set(name, refund);
    order.state = "REFUND";
    return refund;
  }

  contractById(id: string | undefined): SimContract | undefined {
    return [...this.contracts.values()].find((each) => each.id === id && each.endedMs === undefined);
  }

  /** Tells the person of a charge: by day, and once until it was made. */
  announce(
    contract: SimContract,
    notice: { readonly days: number; readonly amount: number },
  ): string | undefined {
    if (isNight(this.#now())) return "RULE_LIMIT";
    if (!(notice.days >= 1 && notice.days <= 3)) return "PARAM_ERROR";
    const day = beijingDayNumber(this.#now());
    const { notice: before } = contract;
    if (before !== undefined && day < before.day + 2 + before.days) return "RESOURCE_ALREADY_EXISTS";
    contract.notice = { day, ...notice };
    return undefined;
  }

  /** Charges on a contract: within twelve hours of signing, or in the days that were told. */
  charge(contract: SimContract, order: SimOrder): string | undefined {
    if (isNight(this.#now())) return "RULELIMIT";
    const day = beijingDayNumber(this.#now());
    const { notice } = contract;
    const isTold =
      notice !== undefined &&
      day >= notice.day + 2 &&
      day < notice.day + 2 + notice.days &&
      order.total <= notice.amount;
    if (!isTold && this.#now() - contract.signedMs > FREE_MS) return "RULELIMIT";
    if (this.declines) return "NOTENOUGH";
    contract.notice = undefined;
    this.pay(order);
    return undefined;
  }
}

function isNight(ms: number): boolean {
  const hour = beijingHour(ms);
  return hour < 7 || hour >= 22;
}

function digits(length: number): string {
  return Array.from(randomLetters(length), (letter) => letter.charCodeAt(0) % 10).join("");
}
