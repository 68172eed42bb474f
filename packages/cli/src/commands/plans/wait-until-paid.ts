import { timerSleep } from "@keepsake/core/base";
import type { Connection } from "@keepsake/core/client";
import type { Routes } from "@keepsake/core/protocol";
import type { Context } from "../../context.ts";
import * as words from "../../ui/messages/plans/plan.ts";

const LOOK_MS = 2_000;
/** So long people stand before a page of a provider. */
const PATIENCE_MS = 10 * 60_000;

/** Waits until something is paid, where that is a matter of minutes; a transfer takes days. */
export async function waitUntilPaid(
  { output, signal, prompt }: Context,
  payer: Connection,
  {
    id,
    next,
  }: { readonly id: string; readonly next: Routes["POST /v1/pay/subscriptions"]["answer"]["next"] },
): Promise<void> {
  // Nobody stands there where nobody can be asked.
  if (prompt === undefined || (next.how !== "redirect" && next.how !== "qr")) return;
  output.say(words.waiting);
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_MS) {
    await timerSleep(LOOK_MS, signal);
    const { state } = await payer.call("GET /v1/pay/subscriptions/{id}", { params: { id }, signal });
    if (state !== "pending") return;
  }
}
