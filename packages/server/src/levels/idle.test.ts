import { afterEach, beforeEach, expect, test } from "vitest";
import { startLapsing, type Lapsing, type LapsingMember } from "../../testing/lapsing.ts";
import { keepMember } from "../members/closing/closing.ts";
import { idleDays, setIdleRule, type IdleDays } from "./idle.ts";

const DAY_MS = 24 * 60 * 60_000;

let lapsing: Lapsing;
let member: LapsingMember;
beforeEach(async () => {
  lapsing = await startLapsing(2900 * 7 * DAY_MS);
  member = await lapsing.newMember({ ways: ["email", "phone"], listens: false });
});
afterEach(() => lapsing[Symbol.asyncDispose]());

const set = (days: IdleDays, of = member): Promise<void> => {
  const session = {
    id: of.session,
    member: of.id,
    deviceKey: "",
    isOperator: false,
    fullFromMs: 0,
    seenMs: 0,
  };
  return setIdleRule(lapsing.server, session, days);
};
const here = (): Promise<unknown> =>
  lapsing.server.db.query
    .updateTable("session")
    .set({ seenMs: lapsing.nowMs })
    .where("member", "=", member.id)
    .execute();
const isEnding = async (): Promise<boolean> =>
  (await lapsing.server.db.query.selectFrom("closing").select("member").execute()).length > 0;

test("nothing ends a membership that nobody uses, unless its member said so", async () => {
  await lapsing.live(1500);
  expect(await member.told()).toEqual([]);
  expect(await idleDays(lapsing.server, member.id)).toBe(0);
});

test("the rule wants two ways to tell of it", async () => {
  const other = await lapsing.newMember({ ways: ["email"] });
  await expect(set(180, other)).rejects.toMatchObject({ code: "level.no-ways" });
  await set(0, other);
});

test("an unused membership begins to end after the days that were set, told before", async () => {
  await set(180);
  await lapsing.live(149);
  expect(await member.told()).toEqual(["idle-set"]);
  await lapsing.live(30);
  expect(await member.told()).toEqual(["idle-set", ...Array<string>(4).fill("idle-soon")]);
  expect(await isEnding()).toBe(false);
  await lapsing.live(3);
  expect(await isEnding()).toBe(true);
  expect((await member.told()).at(-1)).toBe("closing-begun");
});

test("a device that was here begins it anew, and whoever takes the end back has all the days again", async () => {
  await set(180);
  await lapsing.live(170);
  await here();
  await lapsing.live(170);
  expect(await isEnding()).toBe(false);
  await lapsing.live(30);
  expect(await isEnding()).toBe(true);
  const { query } = lapsing.server.db;
  await here();
  await keepMember(query, lapsing.nowMs, { member: member.id, by: "member", session: member.session });
  await lapsing.live(175);
  expect(await isEnding()).toBe(false);
});

test("nothing ends by notices that nobody got, by a clock that jumps, or once it is off", async () => {
  await set(180);
  for (const days of [400, -400, 4000, -4000]) {
    lapsing.nowMs += days * DAY_MS;
    await lapsing.live(1);
  }
  await lapsing.live(100);
  expect(await isEnding()).toBe(false);
  await lapsing.server.db.query.deleteFrom("contact").where("kind", "=", "phone").execute();
  await lapsing.live(300);
  expect(await isEnding()).toBe(false);
  await set(0);
  await lapsing.live(400);
  expect(await isEnding()).toBe(false);
});
