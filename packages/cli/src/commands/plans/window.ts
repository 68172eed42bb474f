import {
  forgetMessages,
  isLooser,
  keepForEver,
  keptForEver,
  liftWindow,
  planWindow,
  QUARANTINE_MS,
  winRace,
  type Window,
} from "@keepsake/core/care";
import type { AccountState } from "@keepsake/core/client/plans";
import { hasWindow, loadHistory, type History } from "@keepsake/core/history";
import { reachOf, type Catalogue } from "@keepsake/core/plans";
import type { Snapshot } from "@keepsake/core/vault";
import type { Context } from "../../context.ts";
import { loadToWrite, noteSeen, type Opened, type Writable } from "../../device/open.ts";
import { usageError, type Input } from "../../input.ts";
import * as words from "../../ui/messages/plans/window.ts";
import type { Outcome } from "../../ui/output.ts";
import { countText, dayText } from "../../ui/values.ts";
import { forgetPlanned, printForgetting } from "../care/forget-planned.ts";
import { chatsNamed, titleFor } from "../titles.ts";
import { warnOfServers } from "../vault/servers-only.ts";

const DAY_MS = 24 * 60 * 60_000;

/** Options that do something else. */
const acts = ["buy", "redeem", "try", "endRenewal", "refund", "giftCode", "giftRefund"];

/** Throws `cli.usage` where options stand together that say two things at once. */
export function checkWindowOptions(input: Input): void {
  const isWindow = input.flag("window");
  if (!isWindow && input.has("keep")) throw usageError("--keep", "not-together");
  if (!isWindow && input.flag("keepNone")) throw usageError("--keep-none", "not-together");
  const others = acts.some((option) => input.has(option));
  if (isWindow && others) throw usageError("--window", "not-together");
  if (input.has("keep") && input.flag("keepNone")) throw usageError("--keep-none", "not-together");
}

/** Shows what is older than the window of the member's plan, and forgets it once the person agrees. */
export async function applyWindow(
  context: Context,
  opened: Opened,
  { catalogue, account }: { readonly catalogue: Catalogue; readonly account: AccountState | undefined },
): Promise<Outcome> {
  const { output } = context;
  const reach = reachOf(catalogue, account);
  if (reach === undefined) {
    output.say(words.unknown);
    return { data: { window: "unknown" } };
  }
  const { plan, window } = reach;
  const name = reach.name[output.language];
  output.event("window", { plan, window });
  if (window !== "all") return applyDays(context, await loadToWrite(opened), { window, name });
  output.say(words.all, { plan: name });
  const isLifted = hasWindow(await loadHistory(opened.vault, opened.snapshot));
  if (isLifted) {
    await change(context, await loadToWrite(opened), liftWindow);
    output.say(words.lifted);
  }
  return { data: { window, isLifted } };
}

async function applyDays(
  context: Context,
  opened: Writable,
  { window, name }: { readonly window: Window; readonly name: string },
): Promise<Outcome> {
  const { output, clock } = context;
  const { days, chatsForEver } = window;
  const now = clock.now();
  const history = await choose(context, opened, window);
  const date = dayText(now - days * DAY_MS);
  output.say(words.reaches, { plan: name, days: countText(days), date, most: countText(chatsForEver) });
  for (const chat of keptForEver(history)) {
    const title = await titleFor(history, chat);
    output.event("kept", { chat, title });
    output.line(output.text(words.kept, { chat: title }));
  }
  const plan = await planWindow(history, window, { now, report: output.report });
  const kept = { window, keptForEver: keptForEver(history).length };
  if (plan.chats.length === 0) {
    output.say(words.nothing);
    const isLifted = isLooser(history, plan.rule);
    if (isLifted) await change(context, opened, (newest) => forgetMessages(newest, plan.rule));
    return { data: { ...kept, isLifted, messages: 0 } };
  }
  const counts = await printForgetting(context, history, plan);
  const { place, profile } = opened;
  output.warn(words.onlyHere, { place, date: dayText(plan.rule.until + DAY_MS) });
  const { areServersOnly } = warnOfServers(context, profile);
  const { snapshot } = await forgetPlanned(context, opened, plan);
  output.say(words.done, { place, date: dayText(clock.now() + QUARANTINE_MS) });
  if (Object.keys(profile.stores).some((each) => each !== place)) output.say(words.levelNext);
  return { data: { ...kept, ...counts, areServersOnly, snapshot } };
}

/** Writes down which chats the person named, if any were; the history after that. */
async function choose(context: Context, opened: Writable, window: Window): Promise<History> {
  const { input } = context;
  const { history, vault } = opened;
  const named = input.flag("keepNone") ? [] : await chatsNamed(history, input.list("keep"));
  if (named === undefined) return history;
  const chats = named.map(({ id }) => id);
  return loadHistory(vault, await change(context, opened, (newest) => keepForEver(newest, chats, window)));
}

async function change(
  context: Context,
  { vault, profile, place }: Writable,
  make: (newest: History) => Promise<Snapshot | "raced">,
): Promise<Snapshot> {
  const { snapshot } = await winRace(vault, async (newest) => {
    return { snapshot: await make(newest), value: undefined };
  });
  await noteSeen(context, profile, { place, snapshot });
  return snapshot;
}
