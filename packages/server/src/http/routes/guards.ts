import Type from "typebox";
import { KeepsakeError } from "@keepsake/core/base";
import {
  evaluate,
  giveTickets,
  makeRecord,
  MOST_ATTEMPTS,
  proveOpened,
  removeRecord,
  type Guard,
} from "../../guards/index.ts";
import { addRoute, type Site } from "../route.ts";
import { hex, millis, shape } from "../wire.ts";

const ticket = Type.String({ pattern: "^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$", maxLength: 2000 });
/** Secrets are tried here: each try costs an address this much of what it may ask. */
const TRY_COST = 10;

/** What a server gives its members to bring to guards. */
export function addGuardTicketRoute(site: Site): void {
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/guards/tickets",
      summary: "Tickets for the guards of one's password; all devices hear of it",
      admit: "full",
      cost: TRY_COST,
      body: shape({
        purpose: Type.Union([Type.Literal("make"), Type.Literal("use"), Type.Literal("remove")]),
        records: Type.Array(hex(16), { minItems: 1, maxItems: 4 }),
      }),
      answer: shape({ tickets: Type.Array(Type.String()) }),
    },
    async ({ session, body }) => ({ tickets: [...(await giveTickets(site.server, session, body))] }),
  );
}

/** What a guard answers: to anyone, for a ticket. */
export function addGuardRoutes(site: Site): void {
  addRecordRoutes(site);
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/guard/evaluate",
      summary: "Evaluate a blinded guess; it is counted first",
      admit: "anyone",
      cost: TRY_COST,
      body: shape({ ticket, blinded: hex(32) }),
      answer: shape({
        evaluated: hex(32),
        proof: hex(64),
        left: Type.Integer({ minimum: 0, maximum: MOST_ATTEMPTS }),
        nextMs: millis,
      }),
    },
    async ({ body }) => {
      const { evaluated, proof, left, nextMs } = await evaluate(guardOf(site), body);
      const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
      return { evaluated: toHex(evaluated), proof: toHex(proof), left, nextMs };
    },
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/guard/opened",
      summary: "Prove that the guess was right: counting begins from nothing",
      admit: "anyone",
      body: shape({ record: hex(16), token: hex(32) }),
      status: 204,
    },
    async ({ body }) => {
      await proveOpened(guardOf(site), body);
      return undefined;
    },
  );
}

function addRecordRoutes(site: Site): void {
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/guard/records",
      summary: "Keep a half of the key of a password",
      admit: "anyone",
      cost: TRY_COST,
      body: shape({ ticket, share: hex(32), key: hex(32), openedHash: hex(32) }),
      status: 204,
    },
    async ({ body }) => {
      await makeRecord(guardOf(site), body);
      return undefined;
    },
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/guard/removals",
      summary: "Forget a half of the key of a password",
      admit: "anyone",
      body: shape({ ticket }),
      status: 204,
    },
    async ({ body }) => {
      await removeRecord(guardOf(site), body);
      return undefined;
    },
  );
}

function guardOf({ server }: Site): Guard {
  if (server.guard === undefined) throw new KeepsakeError("guard.off");
  return server.guard;
}
