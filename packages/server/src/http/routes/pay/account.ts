import { TICKETS_AT_ONCE } from "@keepsake/core/protocol";
import Type from "typebox";
import { changeKey, openAccount } from "../../../billing/books/accounts.ts";
import {
  accountContacts,
  beginAccountContact,
  confirmAccountContact,
  removeAccountContact,
} from "../../../billing/books/contacts.ts";
import { giftsOf } from "../../../billing/books/buying/gifts.ts";
import { subscriptionLines } from "../../../billing/books/overview.ts";
import { askInvoice, receiptsOf } from "../../../billing/books/office/invoices.ts";
import { billNoticesOf, markShown } from "../../../billing/books/round/notices.ts";
import { levelsOf, reachOf, rightsOn } from "../../../billing/books/rights.ts";
import { issueTickets } from "../../../billing/tickets/issue.ts";
import { named, windowShape } from "../../../plans/schema.ts";
import { addRoute, type Site } from "../../route.ts";
import { bytesCount, contact, digits, hex, id, languageOf, shape } from "../../wire.ts";
import {
  channel,
  currency,
  day,
  giftLine,
  line,
  minor,
  period,
  planId,
  providerName,
  subscriptionId,
} from "./shapes.ts";

const kind = Type.Union([Type.Literal("email"), Type.Literal("phone")]);
const contactLine = shape({ id, kind, masked: Type.String() });
const text = Type.String({ maxLength: 200 });

/** Who pays: an account of its own, which nothing joins to a member. */
export function addAccountRoutes(site: Site): void {
  addOpening(site);
  addLooking(site);
  addTickets(site);
  addContacts(site);
  addPapers(site);
}

function addOpening(site: Site): void {
  const { server, door } = site;
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/pay",
      summary: "The ways to pay; none where nothing is sold",
      admit: "anyone",
      answer: shape({
        ways: Type.Array(
          shape({
            provider: providerName,
            channels: Type.Array(channel),
            mayRenew: Type.Boolean(),
            isTest: Type.Boolean({ description: "No money moves" }),
            manageUrl: Type.Optional(Type.String()),
          }),
        ),
      }),
    },
    () =>
      Promise.resolve({
        ways: [...server.providers.values()].map(({ name, channels, renewal, isTest, manageUrl }) => ({
          provider: name,
          channels: [...channels],
          mayRenew: renewal !== "none",
          isTest,
          ...(manageUrl === undefined ? {} : { manageUrl }),
        })),
      }),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/pay/account",
      summary: "The account of a key that was made for paying alone: the one that there is, or a new one",
      admit: "anyone",
      // Rows that nobody invited: few of them from one address.
      cost: 30,
      body: shape({ key: hex(32), isNew: Type.Boolean({ description: "Whether to make one" }) }),
      status: 201,
      answer: shape({ account: id }),
    },
    async ({ body: { key, isNew }, request }) => {
      door.checkDevice(request, key);
      const language = languageOf(request);
      return { account: await openAccount(server, { publicKey: key, language, isNew }) };
    },
  );
  addRoute(
    site,
    {
      method: "PUT",
      path: "/v1/pay/account/key",
      summary: "Another key signs from now on: the keys of the vault were changed",
      admit: "account",
      body: shape({ key: hex(32) }),
      status: 204,
    },
    async ({ account, body: { key } }) => {
      await changeKey(server, account, key);
      return undefined;
    },
  );
}

function addLooking(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/pay/account",
      summary: "What an account has, was told, and where it hears of charges",
      admit: "account",
      answer: shape({
        subscriptions: Type.Array(line),
        gifts: Type.Array(giftLine, { description: "What was bought for others" }),
        notices: Type.Array(
          shape({
            id,
            message: Type.String(),
            aboutDay: day,
            amountMinor: minor,
            currency,
            madeDay: day,
            channels: Type.Array(shape({ channel: Type.String(), state: Type.String(), deliveredDay: day })),
          }),
        ),
        contacts: Type.Array(contactLine),
        levels: Type.Array(shape({ fromDay: day, untilDay: day, levelBytes: bytesCount }), {
          description: "The room that tickets are given for, and on which days",
        }),
        reach: Type.Optional(shape({ plan: planId, name: named, window: windowShape })),
      }),
    },
    async ({ account }) => {
      const reach = await reachOf(server, account.id);
      return {
        subscriptions: [...(await subscriptionLines(server, account))],
        gifts: [...(await giftsOf(server, account))],
        notices: (await billNoticesOf(server.db.query, account.id)).map(({ channels, ...notice }) => ({
          ...notice,
          channels: [...channels],
        })),
        contacts: [...(await accountContacts(server, account))],
        levels: [...(await levelsOf(server, account.id))],
        ...(reach === undefined ? {} : { reach }),
      };
    },
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/pay/notices",
      summary: "A device has shown these notices: that counts as delivered",
      admit: "account",
      body: shape({ shown: Type.Array(id, { maxItems: 200 }) }),
      status: 204,
    },
    async ({ account, body }) => {
      await markShown(server, account.id, body.shown);
      return undefined;
    },
  );
}

function addTickets(site: Site): void {
  const { server } = site;
  const blindedTicket = shape({
    kind: Type.Union([Type.Literal("week"), Type.Literal("keep")]),
    period: Type.Integer({ minimum: 0, maximum: 100_000 }),
    levelBytes: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    cell: Type.Integer({ minimum: 0, maximum: 1024 }),
    blinded: hex(32),
  });
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/pay/tickets",
      summary: "Get blinded tickets for what is paid for: nobody can tell later whose they were",
      admit: "account",
      cost: 10,
      body: shape({ tickets: Type.Array(blindedTicket, { minItems: 1, maxItems: TICKETS_AT_ONCE }) }),
      answer: shape({ tickets: Type.Array(shape({ evaluated: hex(32), proof: hex(64) })) }),
    },
    async ({ account, body: { tickets } }) => ({
      tickets: [...(await issueTickets(server, account.id, { tickets, rightsOf: rightsOn(server) }))],
    }),
  );
}

function addContacts(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/pay/contacts",
      summary: "Send a code to where an account wants to hear of charges",
      admit: "account",
      cost: 20,
      body: shape({ contact }),
      status: 201,
      answer: shape({ id }),
    },
    async ({ account, body }) => ({ id: await beginAccountContact(server, account, body.contact) }),
  );
  addRoute(
    site,
    {
      method: "PUT",
      path: "/v1/pay/contacts/:id",
      summary: "Give that code back",
      admit: "account",
      cost: 20,
      params: shape({ id }),
      body: shape({ code: digits }),
      answer: contactLine,
    },
    async ({ account, params, body }) =>
      confirmAccountContact(server, account, { id: params.id, code: body.code }),
  );
  addRoute(
    site,
    {
      method: "DELETE",
      path: "/v1/pay/contacts/:id",
      summary: "No longer hear of charges there",
      admit: "account",
      params: shape({ id }),
      status: 204,
    },
    async ({ account, params }) => {
      await removeAccountContact(server, account, params.id);
      return undefined;
    },
  );
}

function addPapers(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/pay/receipts",
      summary: "Everything that an account paid",
      admit: "account",
      answer: shape({
        receipts: Type.Array(
          shape({
            subscription: subscriptionId,
            charge: Type.String(),
            provider: providerName,
            plan: planId,
            period,
            fromDay: day,
            untilDay: day,
            amountMinor: minor,
            storeFeeMinor: minor,
            creditMinor: minor,
            refundedMinor: minor,
            isTrial: Type.Boolean(),
            isGift: Type.Boolean(),
            currency,
            invoice: Type.Optional(shape({ id, state: Type.String(), number: Type.String() })),
          }),
        ),
      }),
    },
    async ({ account }) => ({ receipts: [...(await receiptsOf(server, account))] }),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/pay/invoices",
      summary: "Ask for a bill for a payment; its title, tax number and address are kept sealed",
      admit: "account",
      body: shape({
        charge: Type.String({ maxLength: 64 }),
        title: Type.String({ minLength: 1, maxLength: 200 }),
        taxNumber: text,
        email: text,
      }),
      status: 204,
    },
    async ({ account, body: { charge, ...madeOut } }) => {
      await askInvoice(server, account, charge, madeOut);
      return undefined;
    },
  );
}
