import { KeepsakeError } from "@keepsake/core/base";
import { tryPlan, type AccountState } from "@keepsake/core/client/plans";
import { chatCollections, hasWindow, summaryOf } from "@keepsake/core/history";
import { reachOf, standardCatalogue, type Catalogue, type Reach } from "@keepsake/core/plans";
import { dayOf, type Routes } from "@keepsake/core/protocol";
import type { Both } from "../../state/language.ts";
import { drawn, type Drawn } from "../drawn.ts";
import type { Session } from "../session.ts";
import { shareOfYear } from "./growth.ts";
import { PlanBox, type KeptBegun } from "./kept.ts";
import { Level, type LevelLine } from "./level.ts";
import { Payer } from "./payer.ts";

export type Way = Routes["GET /v1/pay"]["answer"]["ways"][number];
export type Line = AccountState["subscriptions"][number];
export type Offered = Routes["POST /v1/pay/offers"]["answer"];
export type Wanted = Omit<Routes["POST /v1/pay/offers"]["body"], "channel">;

/** What the page of plans shows. */
export interface PlanShown {
  /** Empty where the server sells nothing. */
  readonly ways: readonly Way[];
  readonly catalogue: Catalogue;
  /** Absent where nobody began to pay. */
  readonly account?: AccountState;
  /** How far back it reaches; absent where nothing is sold, or nobody knows. */
  readonly reach?: Reach;
  /** Whether backups leave something out because of a plan's window. */
  readonly hasWindow: boolean;
  readonly level: LevelLine;
  readonly usedBytes: number;
  readonly quotaBytes: number;
  /** What a year adds, if things go on as in the last one. */
  readonly aYearBytes: number;
  /** A payment that was begun in this browser. */
  readonly begun?: Begun;
  /** What went wrong when the room was brought by itself. */
  readonly trouble?: Both<string>;
}

/** A payment that was begun: what the person does next. */
export interface Begun {
  readonly id: string;
  readonly next:
    | { readonly how: "redirect"; readonly url: string }
    | { readonly how: "qr"; readonly code: Drawn }
    | { readonly how: "transfer"; readonly to: string; readonly purpose: string }
    | { readonly how: "inside" }
    | { readonly how: "store" }
    | { readonly how: "nothing" }
    | { readonly how: "elsewhere" };
}

/** How a subscription stands; with the room that there is now, once it is paid and is no gift. */
export interface Looked {
  readonly line: Line;
  readonly isPaid: boolean;
  readonly levelBytes?: number;
}

/** In the page everything is bought on the web. */
const channel = "web";
/** From here on there is little room left; the server tells of it by mail then, too. */
const FULL_FROM = 0.8;

/** What a member has and buys. Loaded when somebody looks at it. */
export class Plan {
  readonly #session: Session;
  readonly #payer: Payer;
  readonly #box: PlanBox;
  readonly #level: Level;

  constructor(session: Session) {
    this.#session = session;
    this.#payer = new Payer(session);
    this.#box = new PlanBox(session);
    this.#level = new Level(session, this.#payer, this.#box);
  }

  async shown(): Promise<PlanShown> {
    const anyone = await this.#payer.anyone();
    const { ways } = await anyone.call("GET /v1/pay");
    const catalogue = await anyone.call("GET /v1/plans");
    const level = await this.#level.line({ isFresh: true });
    const { usedBytes, quotaBytes } = await (await this.#payer.member()).call("GET /v1/member");
    const kept = await this.#box.read();
    const mayHave = ways.length > 0 || level.untilWeek > 0 || kept.hasAccount === true;
    const payer = mayHave ? await this.#payer.found() : undefined;
    const account = await payer?.call("GET /v1/pay/account");
    const reach = ways.length > 0 || account !== undefined ? reachOf(catalogue, account) : undefined;
    const { trouble } = this.#level;
    return {
      ways,
      catalogue,
      ...(account && { account }),
      ...(reach && { reach }),
      hasWindow: hasWindow(this.#session.open.newest),
      level,
      usedBytes,
      quotaBytes,
      aYearBytes: Math.round(usedBytes * this.#shareOfYear()),
      ...(kept.begun && { begun: begunOf(kept.begun) }),
      ...(trouble && { trouble }),
    };
  }

  /** What can be had; what comes with Keepsake where the server cannot be asked. */
  async catalogue(): Promise<Catalogue> {
    try {
      return await (await this.#payer.anyone()).call("GET /v1/plans");
    } catch (error) {
      if (KeepsakeError.is(error, "server.unreachable")) return standardCatalogue;
      throw error;
    }
  }

  #shareOfYear(): number {
    const { history } = this.#session.open;
    const chats = chatCollections(history).map((collection) => summaryOf(history, collection));
    return shareOfYear(chats);
  }

  async offer(wanted: Wanted): Promise<Offered> {
    const payer = await this.#account();
    return payer.call("POST /v1/pay/offers", { body: { ...wanted, channel } });
  }

  /** Begins to buy; nothing is charged before the person pays at the provider's. */
  async buy(
    wanted: Wanted & { readonly renews: boolean },
    how: { readonly returnUrl: string; readonly screen: "page" | "phone" },
  ): Promise<Begun> {
    const payer = await this.#account();
    const body = { ...wanted, ...how, channel } as const;
    const { id, next } = await payer.call("POST /v1/pay/subscriptions", { body });
    const begun: KeptBegun = {
      id,
      next: next.how === "transfer" || next.how === "qr" ? next : { how: "elsewhere" },
    };
    await this.#box.amend({ begun });
    if (next.how === "redirect") return { id, next };
    if (next.how === "qr" || next.how === "transfer") return begunOf(begun);
    return { id, next: { how: next.how } };
  }

  /** The account, of which this browser knows from now on. */
  async #account() {
    const payer = await this.#payer.needed();
    const { hasAccount } = await this.#box.read();
    if (hasAccount !== true) await this.#box.amend({ hasAccount: true });
    return payer;
  }

  /** How a subscription stands. Once it is paid, its room is there. */
  async look(id: string): Promise<Looked> {
    const line = await (
      await this.#account()
    ).call("GET /v1/pay/subscriptions/{id}", {
      params: { id },
    });
    return isPaid(line) ? this.#arrived(line) : { line, isPaid: false };
  }

  async #arrived(line: Line): Promise<Looked> {
    const { begun } = await this.#box.read();
    if (begun?.id === line.id) await this.#box.amend({ begun: undefined });
    if (line.isGift) return { line, isPaid: true };
    const { levelBytes } = await this.#level.bringNow();
    return { line, isPaid: true, levelBytes };
  }

  /** Forgets a payment that was begun; it may still be paid, and counts then. */
  forgetBegun(): Promise<void> {
    return this.#box.amend({ begun: undefined });
  }

  async setRenewal(id: string, isOn: boolean): Promise<Line> {
    const payer = await this.#account();
    return payer.call("PUT /v1/pay/subscriptions/{id}/renewal", { params: { id }, body: { isOn } });
  }

  async setPaused(id: string, isPaused: boolean): Promise<Line> {
    const payer = await this.#account();
    return payer.call("PUT /v1/pay/subscriptions/{id}/pause", { params: { id }, body: { isPaused } });
  }

  /** What the next term is of; the same again where nothing is given. */
  async setNext(
    id: string,
    next: { readonly plan: string; readonly period: "month" | "year" } | undefined,
  ): Promise<Line> {
    const payer = await this.#account();
    if (next === undefined) return payer.call("DELETE /v1/pay/subscriptions/{id}/next", { params: { id } });
    return payer.call("PUT /v1/pay/subscriptions/{id}/next", { params: { id }, body: next });
  }

  /** What would be paid back now. */
  async refundMinor(id: string): Promise<number> {
    const payer = await this.#account();
    const { refunds } = await payer.call("GET /v1/pay/subscriptions/{id}/refund", { params: { id } });
    return refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  }

  async payBack(id: string): Promise<Line> {
    return (await this.#account()).call("POST /v1/pay/subscriptions/{id}/refund", { params: { id } });
  }

  /** Takes what a code is for: a plan, or a place in somebody's. Gives the room that there is now. */
  async redeem(typed: string): Promise<{ readonly levelBytes: number }> {
    const payer = await this.#account();
    const body = { code: typed.trim() };
    try {
      await payer.call("POST /v1/pay/codes", { body });
    } catch (error) {
      if (!KeepsakeError.is(error, "pay.no-such-code")) throw error;
      await payer.call("POST /v1/pay/seats", { body });
    }
    return this.#level.bringNow();
  }

  /** Begins the trial of a plan: nothing is charged, and it ends by itself. */
  async try(plan: string): Promise<Line> {
    const [payer, member] = [await this.#account(), await this.#payer.member()];
    const { tickets } = await this.#box.read();
    const { seed } = this.#payer;
    const { key, line } = await tryPlan(plan, { payer, member, seed, knownKey: tickets?.key });
    await this.#box.amend({ tickets: { tickets: [], ...tickets, key } });
    await this.#level.bringNow();
    return line;
  }

  /** Brings the room that is paid for, once more. */
  async bring(): Promise<void> {
    await this.#level.bringNow();
  }

  /** What becomes of a member whose paid time is over; nothing where it is not, or the server is away. */
  async lapse(): Promise<(NonNullable<LevelLine["lapse"]> & { readonly isOver: boolean }) | undefined> {
    if (this.#session.open.isSample || this.#session.reach.isAway) return undefined;
    const { lapse, ownBytes } = await this.#level.line();
    if (lapse === undefined) return undefined;
    // The server takes its time to be sure of the end; what is over is over.
    if (lapse.state === "ahead" && dayOf(Date.now()) < lapse.endDay) return undefined;
    const { usedBytes } = await (await this.#payer.member()).call("GET /v1/member");
    return { ...lapse, isOver: usedBytes > ownBytes };
  }

  /** How full it is, where there is little room left; undefined where there is enough. */
  async nearlyFull(): Promise<{ readonly usedBytes: number; readonly quotaBytes: number } | undefined> {
    if (this.#session.open.isSample || this.#session.reach.isAway) return undefined;
    const { usedBytes, quotaBytes } = await (await this.#payer.member()).call("GET /v1/member");
    return usedBytes < quotaBytes * FULL_FROM ? undefined : { usedBytes, quotaBytes };
  }

  /** Brings the room that is paid for once a day, as long as something is open. */
  keepUp(): Promise<void> {
    return this.#level.keepUp();
  }
}

function begunOf({ id, next }: KeptBegun): Begun {
  return { id, next: next.how === "qr" ? { how: "qr", code: drawn(next.text) } : next };
}

/** Whether a subscription lets new things in. */
function isPaid({ state }: Line): boolean {
  return state === "active" || state === "trial" || state === "canceled" || state === "grace";
}
