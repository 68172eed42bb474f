import Type from "typebox";
import { buy, offer } from "../../../billing/books/buying/buy.ts";
import { setNext, setPaused, setRenewal } from "../../../billing/books/buying/change.ts";
import { makeGiftCode, redeem } from "../../../billing/books/buying/codes.ts";
import { returnable, takeBack } from "../../../billing/books/buying/take-back.ts";
import { startTrial } from "../../../billing/books/buying/trials.ts";
import { endSeat, giveSeat, seatsOf, takeSeat } from "../../../billing/books/buying/seats.ts";
import { claim } from "../../../billing/books/look.ts";
import { lookNow } from "../../../billing/books/round/charges.ts";
import type { Kept } from "../../../billing/books/log/log.ts";
import { lineOf } from "../../../billing/books/overview.ts";
import { placeOf } from "../../place.ts";
import { addRoute, type Site } from "../../route.ts";
import { bytesCount, hex, id, shape } from "../../wire.ts";
import {
  currency,
  day,
  line,
  minor,
  next,
  planId,
  planOf,
  subscriptionId,
  typedCode,
  wanted,
} from "./shapes.ts";

const params = shape({ id: subscriptionId });
const one = "/v1/pay/subscriptions/:id";
/** What is asked of a provider costs more than what is asked of us. */
const COST = 5;

/** Buying, changing and ending. */
export function addSubscriptionRoutes(site: Site): void {
  addBuying(site);
  addLooking(site);
  addChanging(site);
  addRefunds(site);
  addGifts(site);
  addTrials(site);
  addSeats(site);
}

function addBuying(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/pay/offers",
      summary: "What something would cost, line by line; nothing is begun",
      admit: "account",
      body: shape(wanted),
      answer: shape({
        priceMinor: minor,
        reductionMinor: minor,
        creditMinor: minor,
        extraDays: day,
        storeFeeMinor: minor,
        amountMinor: minor,
        renewalMinor: minor,
        // So many further terms cost that; those after them this.
        later: Type.Optional(shape({ terms: Type.Integer({ minimum: 1 }), amountMinor: minor })),
        currency,
        isTest: Type.Boolean(),
        mayRenew: Type.Boolean(),
      }),
    },
    async ({ account, body }) => offer(server, account, body),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/pay/subscriptions",
      summary: "Begin to buy; nothing is charged before the person pays at the provider's",
      admit: "account",
      cost: COST,
      body: shape({
        ...wanted,
        renews: Type.Boolean({ description: "The person's own choice; never set for them" }),
        screen: Type.Union([Type.Literal("page"), Type.Literal("phone"), Type.Literal("inside")]),
        returnUrl: Type.String({ maxLength: 500, pattern: "^https?://" }),
        payer: Type.Optional(Type.String({ maxLength: 200 })),
      }),
      status: 201,
      answer: shape({ id: subscriptionId, next }),
    },
    async ({ account, body, request }) => {
      // Passed on to providers that ask for it, and kept nowhere.
      const begun = await buy(server, account, { ...body, payerAddress: placeOf(request) });
      return { id: begun.id, next: begun.next as never };
    },
  );
}

function addLooking(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "GET",
      path: one,
      summary: "How a subscription stands, asked of its provider",
      admit: "account",
      cost: COST,
      params,
      answer: line,
    },
    async ({ account, params: given }) => lineOf(server, await lookNow(server, account, given.id)),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: `${one}/claim`,
      summary: "Give what the phone's store gave to the app after a purchase",
      admit: "account",
      cost: COST,
      params,
      body: shape({ receipt: Type.String({ maxLength: 20_000 }) }),
      answer: line,
    },
    async ({ account, params: given, body }) =>
      lineOf(server, await claim(server, account, given.id, body.receipt)),
  );
}

function addChanging(site: Site): void {
  const { server } = site;
  const answered = async (kept: Promise<Kept>) => lineOf(server, await kept);
  addRoute(
    site,
    {
      method: "PUT",
      path: `${one}/renewal`,
      summary: "Whether further terms are charged",
      admit: "account",
      cost: COST,
      params,
      body: shape({ isOn: Type.Boolean() }),
      answer: line,
    },
    ({ account, params: given, body }) => answered(setRenewal(server, account, given.id, body.isOn)),
  );
  addRoute(
    site,
    {
      method: "PUT",
      path: `${one}/pause`,
      summary: "Stop for a while, or go on: the days between are not used up",
      admit: "account",
      params,
      body: shape({ isPaused: Type.Boolean() }),
      answer: line,
    },
    ({ account, params: given, body }) => answered(setPaused(server, account, given.id, body.isPaused)),
  );
  addRoute(
    site,
    {
      method: "PUT",
      path: `${one}/next`,
      summary: "Another plan from the next term on; nothing that is stored goes",
      admit: "account",
      params,
      body: planOf,
      answer: line,
    },
    ({ account, params: given, body }) => answered(setNext(server, account, given.id, body)),
  );
  addRoute(
    site,
    {
      method: "DELETE",
      path: `${one}/next`,
      summary: "The same plan again for the next term",
      admit: "account",
      params,
      answer: line,
    },
    ({ account, params: given }) => answered(setNext(server, account, given.id, undefined)),
  );
}

function addRefunds(site: Site): void {
  const { server } = site;
  const due = shape({ refunds: Type.Array(shape({ charge: Type.String(), amountMinor: minor })) });
  addRoute(
    site,
    {
      method: "GET",
      path: `${one}/refund`,
      summary: "What would be paid back, should it end now",
      admit: "account",
      params,
      answer: due,
    },
    async ({ account, params: given }) => ({ refunds: [...(await returnable(server, account, given.id))] }),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: `${one}/refund`,
      summary: "End it now, and pay back what is due",
      admit: "account",
      cost: COST,
      params,
      answer: line,
    },
    async ({ account, params: given }) => lineOf(server, await takeBack(server, account, given.id)),
  );
}

function addGifts(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/pay/codes",
      summary: "Redeem a code for a plan",
      admit: "account",
      cost: 20,
      body: shape({ code: typedCode }),
      status: 201,
      answer: line,
    },
    async ({ account, body }) => lineOf(server, await redeem(server, account, body.code)),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: `${one}/gift`,
      summary: "Get the code of a gift that is paid, this once; the one before it holds no longer",
      admit: "account",
      cost: COST,
      params,
      status: 201,
      answer: shape({ code: Type.String(), codeDay: day }),
    },
    async ({ account, params: given }) => makeGiftCode(server, account, given.id),
  );
}

function addTrials(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/pay/trials",
      summary:
        "Begin a trial of a plan, with a ticket of the storing side; nothing is charged, and it ends by itself",
      admit: "account",
      cost: COST,
      body: shape({ plan: planId, input: hex(32), output: hex(64) }),
      status: 201,
      answer: line,
    },
    async ({ account, body: { plan, ...ticket } }) =>
      lineOf(server, await startTrial(server, account, { plan, ticket })),
  );
}

function addSeats(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "GET",
      path: `${one}/seats`,
      summary: "The places in a family's plan: whether they were taken, and nothing else of who took them",
      admit: "account",
      params,
      answer: shape({
        seats: Type.Array(
          shape({ id, roomBytes: bytesCount, isTaken: Type.Boolean(), hasRoom: Type.Boolean() }),
        ),
      }),
    },
    async ({ account, params: given }) => ({ seats: [...(await seatsOf(server, account, given.id))] }),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: `${one}/seats`,
      summary: "Give a part of the room to somebody else, by a code",
      admit: "account",
      params,
      body: shape({ roomBytes: Type.Integer({ minimum: 1_000_000_000, maximum: 1_000_000_000_000_000 }) }),
      status: 201,
      answer: shape({ seat: id, code: Type.String() }),
    },
    async ({ account, params: given, body }) => giveSeat(server, account, given.id, body.roomBytes),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/pay/seats",
      summary: "Take a place in somebody's plan by its code",
      admit: "account",
      cost: 20,
      body: shape({ code: typedCode }),
      status: 204,
    },
    async ({ account, body }) => {
      await takeSeat(server, account, body.code);
      return undefined;
    },
  );
  addRoute(
    site,
    {
      method: "DELETE",
      path: "/v1/pay/seats/:id",
      summary: "Take a place back, or leave it: what is stored stays",
      admit: "account",
      params: shape({ id }),
      status: 204,
    },
    async ({ account, params: given }) => {
      await endSeat(server, account, given.id);
      return undefined;
    },
  );
}
