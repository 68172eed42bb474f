import { describe, expect, test } from "vitest";
import { KeepsakeError } from "@keepsake/core/base";
import { startLapsing, type Lapsing, type LapsingMember } from "../../../testing/lapsing.ts";
import type { Server } from "../../server.ts";
import { removalsOf } from "../removals.ts";
import { serverDay } from "../server-days.ts";
import { bringBack } from "./trash.ts";
import { stepLapses } from "./step.ts";

const DAY_MS = 24 * 60 * 60_000;
const START_MS = 2900 * 7 * DAY_MS;

/** The same server, whose process ends before, or right after, its n-th transaction is done. */
function endingAt({ server }: Lapsing, n: number, when: "before" | "after"): Server {
  let left = n;
  return {
    ...server,
    db: {
      ...server.db,
      transaction: async (work) => {
        left--;
        if (left === 0 && when === "before") throw new KeepsakeError("base.aborted");
        const done = await server.db.transaction(work);
        if (left === 0) throw new KeepsakeError("base.aborted");
        return done;
      },
    },
  };
}

async function aboutToRemove(lapsing: Lapsing): Promise<LapsingMember> {
  const member = await lapsing.newMember();
  await lapsing.pay(member.id, 10);
  await member.put("packs/forever", 900);
  for (let week = 1; week <= 5; week++) await member.put(`packs/week${week}`, 600, 2800 + week);
  await lapsing.live(70 + 179);
  return member;
}

const step = async (lapsing: Lapsing, server: Server): Promise<void> => {
  const time = { day: (await serverDay(lapsing.server.db.query)) + 1, isSure: true };
  await stepLapses(server, time).catch(() => undefined);
};

const ends = [1, 2, 3, 4, 5, 6].flatMap((n) => [[n, "before"] as const, [n, "after"] as const]);

describe("a process that ends", () => {
  test.each(ends)(
    "at transaction %i, %s it, loses nothing early and leaves nothing undone",
    async (n, when) => {
      await using lapsing = await startLapsing(START_MS);
      const member = await aboutToRemove(lapsing);
      await step(lapsing, endingAt(lapsing, n, when));
      await lapsing.live(29);
      const { query } = lapsing.server.db;
      expect(await query.selectFrom("trash").select("name").execute()).toHaveLength(5);
      expect(await member.names()).toEqual(["packs/forever"]);
      await step(lapsing, endingAt(lapsing, n, when));
      await lapsing.live(20);
      expect(await query.selectFrom("trash").select("name").execute()).toEqual([]);
      const removals = await removalsOf(lapsing.server, member.id);
      expect(removals).toEqual([expect.objectContaining({ objects: 5, bytes: 3000 })]);
      expect((await member.told()).filter((kind) => /removed|deleted/.test(kind))).toEqual([
        "lapse-removed",
        "lapse-deleted",
      ]);
    },
  );

  test.each(ends)("at transaction %i, %s it, brings all back in the end", async (n, when) => {
    await using lapsing = await startLapsing(START_MS);
    const member = await aboutToRemove(lapsing);
    await lapsing.live(5);
    expect(await member.names()).toEqual(["packs/forever"]);
    await lapsing.pay(member.id, 4);
    await bringBack(endingAt(lapsing, n, when), member.id).catch(() => undefined);
    await lapsing.live(1);
    expect(await member.names()).toHaveLength(6);
    const { usedBytes, trashedBytes } = await lapsing.server.db.query
      .selectFrom("member")
      .select(["usedBytes", "trashedBytes"])
      .executeTakeFirstOrThrow();
    expect({ usedBytes, trashedBytes }).toEqual({ usedBytes: 3900, trashedBytes: 0 });
  });
});
