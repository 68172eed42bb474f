import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { removalText } from "@keepsake/core/protocol";
import { LEVEL_BYTES, startLapsing, type Lapsing, type LapsingMember } from "../../../testing/lapsing.ts";
import { holdMember } from "../../operator/members.ts";
import { commandLine } from "../../operator/log.ts";
import { signText } from "../../vaults/receipts.ts";
import { restoreObjects } from "../../vaults/trash.ts";
import { levelOf } from "../line.ts";
import { markRead } from "../reads.ts";
import { removalsOf } from "../removals.ts";
import { stepLevels } from "../step.ts";

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

const all = ["heads/0000000001", "packs/forever", "packs/newer", "packs/old", "packs/older"];
/** Files of three weeks, and what is kept for ever; without paying there is room for about one of them. */
async function fill(of = member): Promise<void> {
  await of.put("packs/forever", 300);
  await of.put("packs/newer", 600, 2890);
  await of.put("packs/old", 600, 2880);
  await of.put("packs/older", 600, 2870);
  await of.put("heads/0000000001", 50);
}
async function paidAndFull(weeks = 10): Promise<void> {
  await lapsing.pay(member.id, weeks);
  await fill();
}
const state = async () => (await levelOf(lapsing.server, member.id)).lapse?.state;
const lapses = async () => (await member.told()).filter((kind) => kind.startsWith("lapse-"));
const used = async () => {
  const { usedBytes, trashedBytes } = await lapsing.server.db.query
    .selectFrom("member")
    .select(["usedBytes", "trashedBytes"])
    .where("id", "=", member.id)
    .executeTakeFirstOrThrow();
  return { usedBytes, trashedBytes };
};
const before = ["lapse-soon", "lapse-soon", "lapse-soon"];
const after = ["lapse-begun", "lapse-notice", "lapse-notice", "lapse-last", "lapse-last"];

describe("whoever does not pay any more", () => {
  test("is told, keeps all for half a year, then loses the oldest files to the trash, then for good", async () => {
    await paidAndFull();
    await lapsing.live(70);
    expect([await state(), await lapses()]).toEqual(["lapsed", [...before, "lapse-begun"]]);
    await lapsing.live(179);
    expect(await lapses()).toEqual([...before, ...after]);
    expect(await member.names()).toEqual(all);
    await lapsing.live(1);
    expect(await state()).toBe("removing");
    // The two oldest weeks are enough: nothing more goes.
    expect(await member.names()).toEqual(["heads/0000000001", "packs/forever", "packs/newer"]);
    expect(await used()).toEqual({ usedBytes: 950, trashedBytes: 0 });
    await lapsing.live(29);
    expect(await lapsing.server.db.query.selectFrom("trash").selectAll().execute()).toHaveLength(2);
    expect(await removalsOf(lapsing.server, member.id)).toEqual([]);
    await lapsing.live(2);
    expect(await lapsing.server.db.query.selectFrom("trash").selectAll().execute()).toEqual([]);
    const [receipt] = await removalsOf(lapsing.server, member.id);
    expect(receipt).toMatchObject({ member: member.id, objects: 2, bytes: 1200 });
    expect(receipt!.signature).toBe(signText(lapsing.server.secrets, removalText(receipt!)));
    expect((await lapses()).slice(-2)).toEqual(["lapse-removed", "lapse-deleted"]);
    await lapsing.live(30);
    expect(await state()).toBeUndefined();
  });

  test("and has no more than the own room is told of the end, and of nothing else, and loses nothing", async () => {
    await lapsing.pay(member.id, 10);
    await member.put("packs/older", 600, 2870);
    await lapsing.live(400);
    expect(await lapses()).toEqual([...before, "lapse-begun"]);
    expect(await member.names()).toEqual(["packs/older"]);
  });

  test("and stored nothing by weeks, as an older client does, loses nothing", async () => {
    await lapsing.pay(member.id, 10);
    for (const name of ["a", "b", "c"]) await member.put(`packs/${name}`, 600);
    await lapsing.live(800);
    expect(await member.names()).toHaveLength(3);
    expect(await state()).toBe("lapsed");
  });

  test("and pays again in the quarantine has all of it back", async () => {
    await paidAndFull();
    await lapsing.live(70 + 190);
    expect(await state()).toBe("removing");
    await lapsing.pay(member.id, 3);
    await stepLevels(lapsing.server);
    expect(await member.names()).toEqual(all);
    expect(await state()).toBe("ahead");
    expect(await used()).toEqual({ usedBytes: 2150, trashedBytes: 0 });
    // Half a year again, from the new end on.
    await lapsing.live(20 + 179);
    expect(await member.names()).toEqual(all);
  });

  test("and takes things out of the trash by hand has them for another while", async () => {
    await paidAndFull();
    await lapsing.live(70 + 190);
    const ids = (await lapsing.server.db.query.selectFrom("trash").select("id").execute()).map(
      ({ id }) => id,
    );
    const session = { ...member, member: member.id, id: member.session };
    const asked = { ...session, deviceKey: "", isOperator: false, fullFromMs: 0, seenMs: 0 };
    await restoreObjects(lapsing.server, asked, { vault: member.vault, ids });
    expect(await member.names()).toEqual(all);
    await lapsing.live(28);
    expect(await member.names()).toEqual(all);
    await lapsing.live(20);
    expect(await member.names()).toHaveLength(3);
    expect(await removalsOf(lapsing.server, member.id)).toEqual([]);
  });
});

describe("nothing goes", () => {
  const kept: Readonly<Record<string, () => Promise<unknown>>> = {
    "where fewer than two ways delivered anything": async () => {
      await lapsing.server.db.query.deleteFrom("contact").execute();
    },
    "while the operator holds it": () =>
      holdMember(lapsing.server, commandLine, { member: member.id, isHeld: true }),
    "while a family slot is waiting": () =>
      lapsing.server.db.query
        .insertInto("familyShare")
        .values({
          id: "0".repeat(26),
          member: member.id,
          helper: member.id,
          box: "",
          sealed: new Uint8Array(1),
          waitDays: 7,
          state: "waiting" as const,
          waitedMs: 0,
          tickedMs: 0,
          notices: 0,
        })
        .execute(),
    "while the membership is being ended": () =>
      lapsing.server.db.query
        .insertInto("closing")
        .values({
          member: member.id,
          by: "member" as const,
          receipt: "r",
          beganMs: 0,
          waitedMs: 0,
          tickedMs: 0,
          notices: 1,
          state: "waiting" as const,
          vaults: 0,
          objects: 0,
          bytes: 0,
        })
        .execute(),
  };
  test.each(Object.entries(kept))("%s", async (_, keep) => {
    await paidAndFull();
    await keep();
    await lapsing.live(70 + 300);
    expect(await member.names()).toEqual(all);
  });

  test("while somebody reads, and for a month after", async () => {
    await paidAndFull();
    await lapsing.live(70 + 170);
    await lapsing.live(60, () => markRead(lapsing.server.db.query, member.id));
    expect(await member.names()).toEqual(all);
    await lapsing.live(28);
    expect(await member.names()).toEqual(all);
    await lapsing.live(10);
    expect(await member.names()).toHaveLength(3);
  });

  test("before a quarter has ended that was paid for, and nothing is told until then", async () => {
    await paidAndFull();
    await lapsing.server.db.transaction(async (query) => {
      await query
        .updateTable("level")
        .set({ keepQuarter: Math.floor(lapsing.today() / 91.3) + 3, keepBytes: LEVEL_BYTES })
        .execute();
    });
    await lapsing.pay(member.id, 10);
    const { lapse } = await levelOf(lapsing.server, member.id);
    const days = lapse!.endDay - lapsing.today();
    expect(days).toBeGreaterThan(200);
    await lapsing.live(days - 31);
    expect(await lapses()).toEqual([]);
    await lapsing.live(31 + 179);
    expect(await member.names()).toEqual(all);
    expect(await lapses()).toEqual([...before, ...after]);
  });

  test("by a clock that jumps, however far, or by days on which the server was off", async () => {
    await paidAndFull();
    await lapsing.live(20);
    for (const days of [400, -400, 400, 400, -800, 3650, -3650]) {
      lapsing.nowMs += days * DAY_MS;
      for (let step = 0; step < 30; step++, lapsing.nowMs += DAY_MS / 24) await stepLevels(lapsing.server);
      expect(await lapses()).toEqual([]);
      expect(await member.names()).toEqual(all);
    }
    // The clock is wrong for good: it is believed after a while, and then all days are waited.
    lapsing.nowMs += 400 * DAY_MS;
    await stepLevels(lapsing.server);
    await lapsing.live(10);
    expect(await lapses()).toEqual(["lapse-begun"]);
    lapsing.nowMs += 1000 * DAY_MS;
    await lapsing.live(150);
    expect(await member.names()).toEqual(all);
  });
});

test("who shows tickets ahead is told of nothing, for ten years", async () => {
  for (let week = 0; week < 520; week++) {
    await lapsing.pay(member.id, 10);
    if (week === 0) await fill();
    await lapsing.live(7);
  }
  expect(await lapses()).toEqual([]);
  expect(await member.names()).toEqual(all);
}, 120_000);
