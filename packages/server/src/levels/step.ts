import type { Server } from "../server.ts";
import { stepIdle } from "./idle.ts";
import { stepLapses } from "./lapse/step.ts";
import { countDays } from "./server-days.ts";
import { turnAll } from "./turn.ts";

/** What goes on by itself, step by step: levels that begin and end, what follows their end, what members set for it. */
export async function stepLevels(server: Server, signal?: AbortSignal): Promise<void> {
  const time = await countDays(server);
  await turnAll(server, signal);
  await stepLapses(server, time, signal);
  await stepIdle(server, time, signal);
}
