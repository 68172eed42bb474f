import { Readable } from "node:stream";
import Type from "typebox";
import { makeCodes } from "../../../billing/books/buying/codes.ts";
import { makeProofs } from "../../../billing/books/buying/reductions.ts";
import { issueInvoice, openInvoices } from "../../../billing/books/office/invoices.ts";
import { comparisons } from "../../../billing/books/office/reconcile.ts";
import { ledgerCsv, reportOf } from "../../../billing/books/office/report.ts";
import { tellSeen } from "../../../billing/books/office/seen.ts";
import { waitingFor } from "../../../billing/books/office/waiting.ts";
import { lineOf } from "../../../billing/books/overview.ts";
import { dayOf } from "../../../billing/dealing/calendar.ts";
import { states } from "../../../billing/dealing/state.ts";
import { record } from "../../../operator/log.ts";
import { addRoute, sentWhole, type Site } from "../../route.ts";
import { id, shape } from "../../wire.ts";
import { currency, day, line, minor, oneOf, period, planId, providerName, subscriptionId } from "./shapes.ts";

/** Positive and negative. */
const sum = Type.Integer({ minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });
const count = Type.Integer({ minimum: 0 });
const COST = 20;
const COMPARED_DAYS = 31;

/** What the operator sees and does of plans and payments: counts, sums and papers, and never who a payer is as a member. */
export function addOfficeRoutes(site: Site): void {
  addReport(site);
  addBooks(site);
  addCodes(site);
  addMoney(site);
  addWaiting(site);
  addBills(site);
}

function addReport(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/operator/pay/report",
      summary: "Subscriptions by plan and state, what was sold, who left, what is left of prices",
      admit: "operator",
      cost: COST,
      answer: shape({
        currency,
        standing: Type.Array(shape({ plan: planId, state: oneOf(states), count })),
        months: Type.Array(shape({ month: Type.String(), plan: planId, soldMinor: sum })),
        churn: shape({ ended: count, of: count }),
        margins: Type.Array(shape({ plan: planId, leftMinor: sum })),
        failedCharges: count,
        notices: Type.Array(shape({ message: Type.String(), state: Type.String(), count })),
      }),
    },
    async () => {
      const { standing, months, margins, notices, ...rest } = await reportOf(server);
      return {
        ...rest,
        standing: [...standing],
        months: [...months],
        margins: [...margins],
        notices: [...notices],
      };
    },
  );
}

function addBooks(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/operator/pay/comparisons",
      summary: "What the nightly comparison with each provider found",
      admit: "operator",
      answer: shape({
        days: Type.Array(
          shape({
            provider: providerName,
            day,
            theirMovements: count,
            theirMinor: sum,
            ourMinor: sum,
            unknown: Type.Array(Type.String()),
            looked: count,
          }),
        ),
      }),
    },
    async () => {
      const found = await comparisons(server, dayOf(server.clock.now()) - COMPARED_DAYS);
      return { days: found.map(({ unknown, ...each }) => ({ ...each, unknown: [...unknown] })) };
    },
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/operator/pay/ledger",
      summary: "The ledger of some days as CSV, for accounting",
      admit: "operator",
      cost: COST,
      query: shape({ from: Type.String({ format: "date" }), until: Type.String({ format: "date" }) }),
    },
    ({ query: { from, until }, reply }) => {
      const lines = ledgerCsv(server, dayOf(Date.parse(from)), dayOf(Date.parse(until)));
      void reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", "attachment; filename=ledger.csv");
      return sentWhole(reply, async () => void reply.send(Readable.from(lines)));
    },
  );
}

function addCodes(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/operator/pay/codes",
      summary: "Make codes that are worth a plan; they are shown once",
      admit: "operator",
      cost: COST,
      body: shape({
        plan: planId,
        period,
        periods: Type.Integer({ minimum: 1, maximum: 24 }),
        count: Type.Integer({ minimum: 1, maximum: 1000 }),
        days: Type.Integer({ minimum: 1, maximum: 3650 }),
      }),
      status: 201,
      answer: shape({ codes: Type.Array(Type.String()) }),
    },
    async ({ session, body }) => {
      const codes = await makeCodes(server, body);
      await server.db.transaction((query) =>
        record(query, server, { kind: "codes-made", by: session, details: body }),
      );
      return { codes: [...codes] };
    },
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/operator/pay/proofs",
      summary: "Make codes for those who have shown that they may pay less; they are shown once",
      admit: "operator",
      cost: COST,
      body: shape({
        reduction: planId,
        count: Type.Integer({ minimum: 1, maximum: 1000 }),
        days: Type.Integer({ minimum: 1, maximum: 3650 }),
      }),
      status: 201,
      answer: shape({ codes: Type.Array(Type.String()) }),
    },
    async ({ session, body }) => {
      const codes = await makeProofs(server, body);
      await server.db.transaction((query) =>
        record(query, server, { kind: "codes-made", by: session, details: body }),
      );
      return { codes: [...codes] };
    },
  );
}

function addMoney(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/operator/pay/seen",
      summary: "Money that was seen at the bank for a transfer; negative where it was paid back",
      admit: "operator",
      body: shape({
        subscription: subscriptionId,
        name: Type.String({ minLength: 1, maxLength: 100, description: "Of the booking at the bank" }),
        amountMinor: sum,
      }),
      answer: line,
    },
    async ({ session, body }) => {
      const kept = await tellSeen(server, body);
      const { name: _name, ...details } = body;
      await server.db.transaction((query) =>
        record(query, server, { kind: "payment-seen", by: session, details }),
      );
      return lineOf(server, kept);
    },
  );
}

function addWaiting(site: Site): void {
  const { server } = site;
  const waiting = Type.Array(
    shape({
      subscription: subscriptionId,
      plan: planId,
      period,
      amountMinor: minor,
      currency,
      day,
      purpose: Type.String(),
    }),
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/operator/pay/waiting",
      summary: "Transfers that are to be seen at the bank, and money that is to be sent back by hand",
      admit: "operator",
      cost: COST,
      answer: shape({ transfers: waiting, refunds: waiting }),
    },
    async () => {
      const { transfers, refunds } = await waitingFor(server);
      return { transfers: [...transfers], refunds: [...refunds] };
    },
  );
}

function addBills(site: Site): void {
  const { server } = site;
  const text = Type.String();
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/operator/pay/invoices",
      summary: "Bills that are to be written",
      admit: "operator",
      answer: shape({
        invoices: Type.Array(
          shape({
            id,
            charge: text,
            askedDay: day,
            amountMinor: minor,
            currency,
            title: text,
            taxNumber: text,
            email: text,
          }),
        ),
      }),
    },
    async () => ({ invoices: [...(await openInvoices(server))] }),
  );
  addRoute(
    site,
    {
      method: "PUT",
      path: "/v1/operator/pay/invoices/:id",
      summary: "A bill was written and sent: its number",
      admit: "operator",
      params: shape({ id }),
      body: shape({ number: Type.String({ minLength: 1, maxLength: 60 }) }),
      status: 204,
    },
    async ({ session, params, body }) => {
      await issueInvoice(server, params.id, body.number);
      await server.db.transaction((query) =>
        record(query, server, { kind: "bill-issued", by: session, details: { invoice: params.id } }),
      );
      return undefined;
    },
  );
}
