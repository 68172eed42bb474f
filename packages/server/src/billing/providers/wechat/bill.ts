import { createHash, timingSafeEqual } from "node:crypto";
import { KeepsakeError } from "@keepsake/core/base";
import { hundredths } from "../amounts.ts";
import { beijingDay, fromBeijing } from "../beijing.ts";
import { DAY_MS, dayBegins } from "../days.ts";
import { away } from "../problems.ts";
import type { Movement } from "../provider.ts";
import type { WechatV3 } from "./signed-json.ts";

/** Bills of a day are there at ten the next morning, in Beijing. */
const READY_MS = 34 * 60 * 60_000 - 8 * 60 * 60_000;

/** What moved in a day (UTC), out of the bills of the two days in Beijing that it lies in. */
export async function wechatMovements(
  v3: WechatV3,
  day: string,
  nowMs: number,
): Promise<readonly Movement[]> {
  const fromMs = dayBegins(day);
  const untilMs = fromMs + DAY_MS;
  if (nowMs < untilMs + READY_MS) throw away("not-yet");
  const days = [beijingDay(fromMs), beijingDay(untilMs - 1)];
  const bills = await Promise.all(days.map((each) => billOf(v3, each)));
  return bills.flatMap(movementsIn).filter(({ atMs }) => atMs >= fromMs && atMs < untilMs);
}

async function billOf(v3: WechatV3, day: string): Promise<string> {
  const path = `/v3/bill/tradebill?bill_date=${day}&bill_type=ALL`;
  const told = await v3
    .ask<{ readonly download_url: string; readonly hash_type: string; readonly hash_value: string }>(
      "GET",
      path,
    )
    .catch((error: unknown) => {
      const why = KeepsakeError.is(error) ? error.details["why"] : undefined;
      // A day on which nothing moved has no bill.
      if (why === "NO_STATEMENT_EXIST") return undefined;
      if (why === "STATEMENT_CREATING") throw away("not-yet");
      throw error;
    });
  if (told === undefined) return "";
  const bytes = await v3.download(told.download_url);
  const [is, due] = [createHash("sha1").update(bytes).digest(), Buffer.from(told.hash_value, "hex")];
  if (told.hash_type !== "SHA1" || is.length !== due.length || !timingSafeEqual(is, due))
    throw away("signature");
  return bytes.toString("utf8");
}

/** A bill's lines begin with a header; its values with a backtick; two lines of sums end it. */
function movementsIn(bill: string): readonly Movement[] {
  const [header = "", ...lines] = bill.replace(/^\uFEFF/, "").split(/\r?\n/);
  const names = header.split(",").map((name) => name.trim());
  return lines
    .filter((line) => line.startsWith("`") && line.split(",`").length === names.length)
    .flatMap((line) => {
      const values = line.slice(1).split(",`");
      const field = (name: string): string => (values[names.indexOf(name)] ?? "").trim();
      return movementOf(field);
    });
}

function movementOf(field: (name: string) => string): readonly Movement[] {
  const isRefund = field("交易状态") === "REFUND";
  if (isRefund && field("退款状态") === "FAIL") return [];
  return [
    {
      id: isRefund ? field("微信退款单号") : field("微信订单号"),
      atMs: fromBeijing(field("交易时间")),
      charge: field("商户订单号"),
      amountMinor: isRefund ? -hundredths(field("申请退款金额")) : hundredths(field("订单金额")),
      currency: field("货币种类"),
    },
  ];
}
