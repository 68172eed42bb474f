import { hexToBytes, KeepsakeError, textToBytes } from "../../base/index.ts";
import { firstDay, removalText, type Routes } from "../../protocol/index.ts";
import { base64ToBytes } from "../base64.ts";
import type { Connection } from "../connection.ts";

export type RemovalAhead = Routes["GET /v1/level/removals/ahead"]["answer"];
type WeekAhead = RemovalAhead["weeks"][number];

/** Files of one year: how much of them there is, and how much of that would go. */
export interface YearAhead extends Omit<WeekAhead, "week"> {
  readonly year: number;
}

const DAY_MS = 86_400_000;
/** Objects have the last week of their quarter: what lies in its middle tells the year better. */
const MIDDLE_WEEKS = 6;

/** What would go for want of payment, year by year, the oldest first. */
export function yearsAhead({ weeks }: Pick<RemovalAhead, "weeks">): readonly YearAhead[] {
  const years = new Map<number, YearAhead>();
  for (const { week, ...more } of weeks) {
    const day = firstDay("week", Math.max(0, week - MIDDLE_WEEKS));
    const year = new Date(day * DAY_MS).getUTCFullYear();
    const sum = years.get(year);
    years.set(year, sum === undefined ? { year, ...more } : summed(sum, more));
  }
  return [...years.values()].sort((a, b) => a.year - b.year);
}

/**
 * How many packs of files a server says it has removed for want of payment: by its signed receipts, and what it has in
 * the trash for that now. Throws `server.bad-receipt` where a receipt is not its own, or not the member's.
 */
export async function removedPacks(
  connection: Connection,
  { receiptKey, member }: { readonly receiptKey: string; readonly member: string },
): Promise<number> {
  const { removals } = await connection.call("GET /v1/level/removals");
  const counted = new Map<string, number>();
  for (const removal of removals) {
    const [key, signature] = [hexToBytes(receiptKey), base64ToBytes(removal.signature)];
    const text = textToBytes(removalText(removal));
    const isSigned =
      key !== undefined &&
      signature !== undefined &&
      (await connection.primitives.ed25519.verify(signature, text, key));
    if (!isSigned) throw new KeepsakeError("server.bad-receipt", { details: { why: "signature" } });
    if (removal.member !== member)
      throw new KeepsakeError("server.bad-receipt", { details: { why: "member" } });
    counted.set(removal.receipt, removal.objects);
  }
  const { awayObjects } = await connection.call("GET /v1/level/removals/ahead");
  return [...counted.values()].reduce((sum, objects) => sum + objects, awayObjects);
}

function summed(a: YearAhead, b: Omit<WeekAhead, "week">): YearAhead {
  return {
    year: a.year,
    objects: a.objects + b.objects,
    bytes: a.bytes + b.bytes,
    goingObjects: a.goingObjects + b.goingObjects,
    goingBytes: a.goingBytes + b.goingBytes,
  };
}
