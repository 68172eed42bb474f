import { bringLevel, openPayer, tryPlan } from "../../../packages/core/src/client/plans/index.ts";
import type { Connection } from "../../../packages/core/src/client/index.ts";
import { makeCodes } from "../../../packages/server/src/billing/books/buying/codes.ts";
import { makeProofs } from "../../../packages/server/src/billing/books/buying/reductions.ts";
import { hear } from "../../../packages/server/src/billing/books/look.ts";
import { openInvoices, issueInvoice } from "../../../packages/server/src/billing/books/office/invoices.ts";
import { comparisons, reconcileBooks } from "../../../packages/server/src/billing/books/office/reconcile.ts";
import { ledgerCsv, reportOf } from "../../../packages/server/src/billing/books/office/report.ts";
import { seenBook, tellSeen } from "../../../packages/server/src/billing/books/office/seen.ts";
import { goRound } from "../../../packages/server/src/billing/books/round/round.ts";
import { ManualProvider } from "../../../packages/server/src/billing/providers/manual/provider.ts";
import type { Provider } from "../../../packages/server/src/billing/providers/provider.ts";
import type { Server } from "../../../packages/server/src/server.ts";

/** What somebody who pays asks for, and what the billing side does by itself. */
export async function useBilling(server: Server, member: Connection): Promise<void> {
  const providers = server.providers as Map<string, Provider>;
  const parts = { clock: server.clock, isTest: true, hearsAt: "" };
  providers.set("manual", new ManualProvider({ to: { zh: "-", en: "-" } }, parts, seenBook(server)));
  const seed = member.primitives.random(32);
  const payer = (await openPayer(member, [seed, member.primitives.random(32)], { isNew: true }))!;
  await tryPlan("gb-50", { payer, member, seed, knownKey: undefined });
  const wanted = { period: "year", channel: "web", provider: "manual" } as const;
  const { id } = await payer.call("POST /v1/pay/subscriptions", {
    body: { ...wanted, plan: "family", renews: false, screen: "page", returnUrl: "https://a.example/" },
  });
  await payer.call("GET /v1/pay/subscriptions/{id}", { params: { id } });
  await tellSeen(server, { subscription: id, name: "1", amountMinor: 71_800 });
  await bringLevel({ payer, member, seed, kept: undefined, now: server.clock.now() });
  const { id: extra } = await payer.call("POST /v1/pay/subscriptions", {
    body: { ...wanted, plan: "more-50gb", renews: false, screen: "page", returnUrl: "https://a.example/" },
  });
  await tellSeen(server, { subscription: extra, name: "2", amountMinor: 8_000 });
  await useSeats(payer, id);
  await usePapers(server, payer, id);
  const [proof] = await makeProofs(server, { reduction: "student", count: 1, days: 1 });
  const upgrade = { ...wanted, plan: "gb-200", replaces: id };
  await payer.call("POST /v1/pay/offers", { body: upgrade });
  const how = { renews: false, screen: "page", returnUrl: "https://a.example/" } as const;
  await payer.call("POST /v1/pay/subscriptions/{id}/refund", { params: { id } });
  await payer.call("POST /v1/pay/subscriptions", {
    body: { ...wanted, ...how, plan: "gb-200", coupon: proof! },
  });
  await useGifts(server, payer);
  const batch = { plan: "gb-50", period: "month", periods: 1, count: 1, days: 1 } as const;
  const [code] = await makeCodes(server, batch);
  await payer.call("POST /v1/pay/codes", { body: { code: code! } });
  await hear(server, "manual", { method: "POST", path: "/", headers: {}, body: new Uint8Array() }).catch(
    () => undefined,
  );
  await goRound(server);
  await reconcileBooks(server);
  await comparisons(server, 0);
  for await (const _ of ledgerCsv(server, 0, 1e6)) continue;
  await reportOf(server);
}

async function useGifts(server: Server, payer: Connection): Promise<void> {
  const wanted = { plan: "gb-50", period: "year", channel: "web", provider: "manual", isGift: true } as const;
  const how = { renews: false, screen: "page", returnUrl: "https://a.example/" } as const;
  for (const isBack of [true, false]) {
    const { id } = await payer.call("POST /v1/pay/subscriptions", { body: { ...wanted, ...how } });
    await tellSeen(server, { subscription: id, name: `gift ${id}`, amountMinor: 8_000 });
    const params = { id };
    const { code } = await payer.call("POST /v1/pay/subscriptions/{id}/gift", { params });
    if (isBack) await payer.call("POST /v1/pay/subscriptions/{id}/refund", { params });
    else await payer.call("POST /v1/pay/codes", { body: { code } });
  }
  await payer.call("GET /v1/pay/account");
}

async function useSeats(payer: Connection, id: string): Promise<void> {
  const { seat, code } = await payer.call("POST /v1/pay/subscriptions/{id}/seats", {
    params: { id },
    body: { roomBytes: 1_000_000_000 },
  });
  await payer.call("POST /v1/pay/seats", { body: { code } });
  await payer.call("GET /v1/pay/subscriptions/{id}/seats", { params: { id } });
  await payer.call("DELETE /v1/pay/seats/{id}", { params: { id: seat } });
}

async function usePapers(server: Server, payer: Connection, id: string): Promise<void> {
  const { notices } = await payer.call("GET /v1/pay/account");
  await payer.call("POST /v1/pay/notices", { body: { shown: notices.map((each) => each.id) } });
  const { receipts } = await payer.call("GET /v1/pay/receipts");
  const paid = receipts.find(({ isTrial }) => !isTrial);
  const bill = { title: "A", taxNumber: "", email: "a@example.org" };
  await payer.call("POST /v1/pay/invoices", { body: { charge: paid!.charge, ...bill } });
  for (const invoice of await openInvoices(server)) await issueInvoice(server, invoice.id, "1");
  await payer.call("PUT /v1/pay/subscriptions/{id}/pause", { params: { id }, body: { isPaused: true } });
  await payer.call("PUT /v1/pay/subscriptions/{id}/pause", { params: { id }, body: { isPaused: false } });
}
