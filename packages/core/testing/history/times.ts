import { randomOf } from "./random.ts";

const dayMs = 86_400_000;
/** Local midnight lies eight hours before that of UTC; people write between 7:30 and 24:00. */
const zoneMs = 8 * 3_600_000;
const wakeMs = 7.5 * 3_600_000;
const awakeMs = dayMs - wakeMs;

/**
 * Rising times of `count` messages between two days, in whole seconds: conversations at any time of the waking day,
 * some dozen messages each, seconds or minutes apart. Drawn in order, so that nothing is held.
 */
export function* sendTimes(
  seed: string,
  count: number,
  span: { startMs: number; endMs: number },
): Generator<number> {
  const random = randomOf(seed);
  const firstDay = Math.floor((span.startMs + zoneMs) / dayMs);
  const days = Math.max(1, Math.floor((span.endMs - span.startMs) / dayMs));
  const total = days * awakeMs;
  let awake = 0;
  let last = 0;
  for (let left = count; left > 0;) {
    const conversation = Math.min(left, 1 + Math.floor(random.exponential() * 9));
    // The next of so many starts that are spread evenly over what is left of the time.
    awake += (total - awake) * (1 - random.unit() ** (1 / Math.ceil(left / 9)));
    let sent = wallTime(awake, firstDay);
    for (let i = 0; i < conversation; i++) {
      sent = Math.max(last, sent);
      yield sent;
      last = sent;
      sent += Math.floor(random.exponential() * 40) * 1000;
    }
    left -= conversation;
  }
}

function wallTime(awake: number, firstDay: number): number {
  const day = firstDay + Math.floor(awake / awakeMs);
  const local = day * dayMs + wakeMs + (awake % awakeMs);
  return Math.floor((local - zoneMs) / 1000) * 1000;
}
