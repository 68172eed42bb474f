import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { openTicket, sealTicket, unseal, type TicketOffice } from "./sealed.ts";

const key = (): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(32));
const secrets = { receiptSeed: key(), sealingKey: key(), indexKey: key(), opaqueSetup: "" };
const officeOf = (cell: number): TicketOffice => ({ secrets, cell });
const seal = (cell: number): string => sealTicket(officeOf(cell), "login", { name: "a" }, 1000);
const open = (cell: number, ticket: string, purpose = "login"): unknown =>
  openTicket(officeOf(cell), purpose, ticket, 500);

test("a ticket is opened by its cell, for its purpose, in time", () => {
  for (const cell of [0, 1, 1023]) expect(open(cell, seal(cell))).toEqual({ name: "a" });
  expect(open(1, seal(1), "reset")).toBeUndefined();
  expect(openTicket(officeOf(1), "login", seal(1), 1001)).toBeUndefined();
});

test("a ticket is opened by no other cell, whatever cell it is made to say", () => {
  for (const [from, to] of [
    [0, 1],
    [1, 0],
    [1, 2],
  ] as const) {
    const ticket = seal(from);
    const bare = ticket.replace(/^..\./, "");
    for (const changed of [ticket, bare, `00.${bare}`, `01.${bare}`, `02.${bare}`])
      expect([to, open(to, changed)]).toEqual([to, undefined]);
  }
});

test("a ticket of a lone server is sealed and written as it always was", () => {
  const ticket = seal(0);
  expect(ticket).toMatch(/^[A-Za-z0-9_-]+$/);
  const plain = unseal(secrets, "ticket/login", Buffer.from(ticket, "base64url"));
  expect(JSON.parse(Buffer.from(plain!).toString())).toEqual({ value: { name: "a" }, untilMs: 1000 });
});
