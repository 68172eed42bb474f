import { afterEach, beforeEach, expect, test } from "vitest";
import { startLapsing, type Lapsing, type LapsingMember } from "../../../testing/lapsing.ts";
import { removalAhead } from "./ahead.ts";

const DAY_MS = 24 * 60 * 60_000;
/** The first day of a week. */
const START_MS = 2900 * 7 * DAY_MS;

let lapsing: Lapsing;
let member: LapsingMember;
beforeEach(async () => {
  lapsing = await startLapsing(START_MS);
  member = await lapsing.newMember();
});
afterEach(() => lapsing[Symbol.asyncDispose]());

const ahead = () => removalAhead(lapsing.server, member.id);

/** Two of one week, of which one is enough; what is kept for ever; and something newer. Room without paying is 1000. */
async function fill(): Promise<void> {
  await member.put("packs/forever", 300);
  await member.put("packs/older", 500, 2600);
  await member.put("packs/old1", 400, 2700);
  await member.put("packs/old2", 400, 2700);
  await member.put("packs/new", 300, 2890);
}

test("whoever pays nothing and has nothing above the room is told of nothing", async () => {
  await member.put("packs/a", 500, 2800);
  expect(await ahead()).toEqual({
    overBytes: 0,
    awayObjects: 0,
    awayBytes: 0,
    keptBytes: 0,
    weeks: [{ week: 2800, objects: 1, bytes: 500, goingObjects: 0, goingBytes: 0 }],
  });
});

test("what is told is what goes, to the object", async () => {
  await lapsing.pay(member.id, 10);
  await fill();
  const other = await lapsing.newMember();
  await lapsing.pay(other.id, 10);
  await other.put("packs/older", 5000, 2600);
  const endDay = lapsing.today() + 70;
  const told = {
    overBytes: 900,
    fromDay: endDay + 180,
    awayObjects: 0,
    awayBytes: 0,
    keptBytes: 300,
    weeks: [
      { week: 2600, objects: 1, bytes: 500, goingObjects: 1, goingBytes: 500 },
      { week: 2700, objects: 2, bytes: 800, goingObjects: 1, goingBytes: 400 },
      { week: 2890, objects: 1, bytes: 300, goingObjects: 0, goingBytes: 0 },
    ],
  };
  expect(await ahead()).toEqual(told);
  await lapsing.live(70 + 179);
  expect(await ahead()).toEqual(told);
  expect(await member.names()).toHaveLength(5);
  await lapsing.live(1);
  expect(await member.names()).toEqual(["packs/forever", "packs/new", "packs/old2"]);
  expect(await ahead()).toMatchObject({ overBytes: 0, awayObjects: 2, awayBytes: 900, keptBytes: 300 });
  // By paying again all of it is back, and may go another time.
  await lapsing.pay(member.id, 3);
  const nextEnd = (Math.floor(lapsing.today() / 7) + 3) * 7;
  await lapsing.live(1);
  expect(await ahead()).toEqual({ ...told, fromDay: nextEnd + 180 });
});

test("what holds keys is not among it, nor what is kept for ever", async () => {
  await lapsing.pay(member.id, 10);
  await member.put("packs/keys", 1500, 2600);
  await member.put("packs/forever", 300);
  const { query } = lapsing.server.db;
  const token = { vault: member.vault, name: "packs/keys", trash: "", day: "2026-01-01", untilMs: null };
  await query
    .insertInto("keyToken")
    .values({ ...token, sealed: new Uint8Array(1) })
    .execute();
  expect(await ahead()).toMatchObject({ overBytes: 800, keptBytes: 1800, weeks: [] });
});
