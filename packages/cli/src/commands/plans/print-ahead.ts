import type { Connection } from "@keepsake/core/client";
import { yearsAhead } from "@keepsake/core/client/plans";
import type { Context } from "../../context.ts";
import * as words from "../../ui/messages/plans/ahead.ts";
import { countText, dayText, sizeText } from "../../ui/values.ts";

const DAY_MS = 24 * 60 * 60_000;

/** What would go if nobody paid any more, year by year: told before anything does. Nothing where nothing was ever paid. */
export async function printAhead({ output }: Context, member: Connection): Promise<void> {
  const level = await member.call("GET /v1/level");
  if (level.untilWeek === 0 && level.lapse === undefined) return;
  const ahead = await member.call("GET /v1/level/removals/ahead");
  const years = yearsAhead(ahead);
  const { overBytes, fromDay, awayObjects, awayBytes, keptBytes } = ahead;
  output.event("removal-ahead", { overBytes, fromDay, awayObjects, awayBytes, keptBytes, years });
  if (awayObjects > 0) output.say(words.away, { objects: countText(awayObjects), size: sizeText(awayBytes) });
  const going = years.filter((year) => year.goingObjects > 0);
  if (going.length === 0) return;
  const date = dayText((fromDay ?? 0) * DAY_MS);
  output.say(words.ahead, { date, over: sizeText(overBytes), kept: sizeText(keptBytes) });
  const { year, goes, of } = words.columns;
  output.table(
    [
      { title: output.text(year) },
      { title: output.text(goes), align: "right" },
      { title: output.text(of), align: "right" },
    ],
    years.map((each) => [String(each.year), sizeText(each.goingBytes), sizeText(each.bytes)]),
  );
}
