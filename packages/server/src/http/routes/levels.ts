import Type from "typebox";
import { TICKETS_AT_ONCE } from "@keepsake/core/protocol";
import { ticketKey } from "../../keys/tickets.ts";
import { idleChoices, idleDays, setIdleRule } from "../../levels/idle.ts";
import { removalAhead } from "../../levels/lapse/ahead.ts";
import { levelOf } from "../../levels/line.ts";
import { redeemTickets } from "../../levels/redeem.ts";
import { removalsOf } from "../../levels/removals.ts";
import { giveTrial } from "../../levels/trials.ts";
import { addRoute, type Site } from "../route.ts";
import { bytesCount, hex, id, millis, shape } from "../wire.ts";

const count = Type.Integer({ minimum: 0 });
const lapseState = Type.Union([
  Type.Literal("ahead"),
  Type.Literal("lapsed"),
  Type.Literal("removing"),
  Type.Literal("returning"),
]);
const levelLine = shape({
  cell: count,
  ownBytes: bytesCount,
  levelBytes: bytesCount,
  untilWeek: count,
  keepQuarter: count,
  lapse: Type.Optional(shape({ state: lapseState, endDay: count })),
});
const shownTicket = shape({
  kind: Type.Union([Type.Literal("week"), Type.Literal("keep")]),
  period: Type.Integer({ minimum: 0, maximum: 100_000 }),
  levelBytes: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  input: hex(32),
  output: hex(64),
});
/** Checking one takes some milliseconds. */
const COST = 5;

/** A member's level: shown by tickets, which say nothing of who paid. */
export function addLevelRoutes(site: Site): void {
  addTickets(site);
  addLevel(site);
  addAhead(site);
  addTrial(site);
  addIdle(site);
}

function addTickets(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/tickets",
      summary: "The key of tickets: the same for everybody, and to be remembered",
      admit: "anyone",
      answer: shape({ key: hex(32) }),
    },
    async () => ({ key: ticketKey(server.secrets) }),
  );
}

function addLevel(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/level",
      summary: "Show tickets: room for the weeks that they name",
      admit: "full",
      cost: COST,
      body: shape({ tickets: Type.Array(shownTicket, { minItems: 1, maxItems: TICKETS_AT_ONCE }) }),
      answer: levelLine,
    },
    async ({ session, body }) => redeemTickets(server, session, body.tickets),
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/level",
      summary: "What tickets have shown, and until when",
      admit: "session",
      answer: levelLine,
    },
    async ({ session }) => levelOf(server, session.member),
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/level/removals",
      summary: "The server's receipts for what went because nobody paid for it any more",
      admit: "session",
      answer: shape({
        removals: Type.Array(
          shape({
            receipt: id,
            member: id,
            objects: count,
            bytes: bytesCount,
            endDay: count,
            endedMs: millis,
            backupDays: count,
            signature: Type.String(),
          }),
        ),
      }),
    },
    async ({ session }) => ({ removals: [...(await removalsOf(server, session.member))] }),
  );
}

function addTrial(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/level/trial",
      summary: "Get the one ticket for a trial, blinded; the same again gets the same answer",
      admit: "full",
      cost: COST,
      body: shape({ blinded: hex(32) }),
      answer: shape({ evaluated: hex(32), proof: hex(64) }),
    },
    async ({ session, body }) => giveTrial(server, session, body.blinded),
  );
}

function addAhead(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/level/removals/ahead",
      summary: "What would go if nobody paid any more: objects with a week, the oldest first",
      admit: "session",
      cost: COST,
      answer: shape({
        overBytes: bytesCount,
        fromDay: Type.Optional(count),
        awayObjects: count,
        awayBytes: bytesCount,
        keptBytes: bytesCount,
        weeks: Type.Array(
          shape({
            week: count,
            objects: count,
            bytes: bytesCount,
            goingObjects: count,
            goingBytes: bytesCount,
          }),
        ),
      }),
    },
    async ({ session }) => {
      const { weeks, ...more } = await removalAhead(server, session.member);
      return { ...more, weeks: [...weeks] };
    },
  );
}

function addIdle(site: Site): void {
  const { server } = site;
  const rule = shape({ days: Type.Union(idleChoices.map((days) => Type.Literal(days))) });
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/level/idle",
      summary: "After how many days without a device the membership is to end; 0 for never",
      admit: "session",
      answer: shape({ days: count }),
    },
    async ({ session }) => ({ days: await idleDays(server, session.member) }),
  );
  addRoute(
    site,
    {
      method: "PUT",
      path: "/v1/level/idle",
      summary:
        "Set after how many days without a device the membership is to end: off unless somebody sets it",
      admit: "full",
      body: rule,
      status: 204,
    },
    async ({ session, body }) => {
      await setIdleRule(server, session, body.days);
      return undefined;
    },
  );
}
