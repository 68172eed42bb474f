import { timerSleep } from "../../base/index.ts";
import type { SettleOptions } from "../format.ts";
import type { Source } from "../source.ts";
import { isSameListing, listingOf } from "./listing.ts";

/** Two looks are at least so far apart. */
const BETWEEN_LOOKS_MS = 1000;

/**
 * Waits until a folder was quiet for a while and two looks at it show the same. Where times of files lie in the
 * future, or stay as they are, it is the looks that must be the same for so long.
 */
export async function settle(
  source: Source,
  { clock, quietMs, sleep = timerSleep, signal, report }: SettleOptions,
): Promise<Source> {
  const betweenMs = Math.min(BETWEEN_LOOKS_MS, quietMs);
  let current = source;
  let before = await listingOf(current);
  let sameSince = clock.now();
  for (;;) {
    report?.({ type: "stage", stage: "settle" });
    await sleep(betweenMs, signal);
    current = current.afresh?.() ?? current;
    const now = await listingOf(current);
    // A clock that was put back knows nothing of how long it has been.
    if (!isSameListing(before, now) || clock.now() < sameSince) sameSince = clock.now();
    else if (clock.now() - Math.max(now.newestMs, 0) >= quietMs || clock.now() - sameSince >= quietMs)
      return current;
    before = now;
  }
}
