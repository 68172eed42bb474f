import {
  isFree,
  paidByTheYear,
  standardCosts,
  storedMinor,
  yearOf,
  type Catalogue,
  type Plan,
} from "@keepsake/core/plans";
import type { VNode } from "preact";
import { say } from "../../state/language.ts";
import { plannerWords } from "../../words/office/planner.ts";
import { countText, sizeText } from "../../words/values.ts";
import type { Overview } from "../../worker/office/office.ts";
import { money, partText, planName } from "./amounts.ts";
import { paidCount } from "./overview.tsx";
import { Table } from "./table.tsx";

const HALF = 50;

interface Level {
  readonly levelBytes: number;
  readonly members: number;
  readonly usedBytes: number;
}

/** What storing costs, by the level that members have, and what is left of a price. */
export function Levels({ overview }: { readonly overview: Overview }): VNode {
  const words = say(plannerWords);
  const { sums, report, catalogue } = overview;
  const { currency } = report;
  const rows = sums.levels.map((level) => {
    const plan = planOf(catalogue, level.levelBytes);
    const room = level.levelBytes * level.members;
    return [
      level.levelBytes === 0
        ? words.free
        : plan === undefined
          ? `${sizeText(level.levelBytes)} (${words.otherLevel})`
          : planName(catalogue, plan.id),
      countText(level.members),
      sizeText(level.usedBytes),
      partText(level.usedBytes, room),
      money(storedMinor(level.usedBytes, standardCosts), currency),
      plan === undefined ? "–" : countText(paidCount(overview, plan.id)),
      leftText(catalogue, plan, HALF),
      leftText(catalogue, plan, measuredPercent(level, plan)),
    ];
  });
  return (
    <section>
      <h2>{words.byLevel}</h2>
      <p class="hint">{words.byLevelHint}</p>
      <Table title={words.byLevel} columns={words.levelColumns} rows={rows} />
    </section>
  );
}

/** The plan whose whole room a level is. */
function planOf({ plans }: Catalogue, levelBytes: number): Plan | undefined {
  return plans.find((plan) => {
    const { filesBytes, textBytes } = plan.room;
    return !isFree(plan) && filesBytes + textBytes === levelBytes;
  });
}

/** How full the rooms for files are, if all that is stored were files. */
function measuredPercent({ usedBytes, members }: Level, plan: Plan | undefined): number {
  if (plan === undefined || members === 0) return 0;
  return Math.ceil((usedBytes * 100) / (plan.room.filesBytes * members));
}

function leftText(catalogue: Catalogue, plan: Plan | undefined, fullPercent: number): string {
  const yearly = plan && paidByTheYear(plan);
  if (yearly === undefined) return "–";
  return money(yearOf(catalogue, yearly, fullPercent, standardCosts).leftMinor, catalogue.currency);
}
