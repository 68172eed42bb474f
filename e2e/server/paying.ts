import { writeFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPayer } from "../../packages/core/src/client/plans/index.ts";
import type { Connection } from "../../packages/core/src/client/index.ts";
import type { Simulator, SimulatorParts } from "../../packages/server/src/billing/simulators/simulator.ts";
import { startTestServer, type TestServer } from "./serving.ts";
import { freePort } from "../../packages/server/src/free-port.ts";

/** A clock that a test moves. */
export interface MovedClock {
  nowMs: number;
  now(): number;
}

/** Ten in the morning in Beijing: no provider sleeps. */
export function movedClock(nowMs = Date.parse("2027-03-01T02:00:00Z")): MovedClock {
  return {
    nowMs,
    now() {
      return this.nowMs;
    },
  };
}

/** A server that sells, with the simulators of the providers that it sells by, and a transfer. */
export interface Selling extends AsyncDisposable {
  readonly server: TestServer;
  readonly simulators: readonly Simulator[];
  readonly clock: MovedClock;
  /** A new account, with a key of its own; the number tells them apart. */
  readonly newPayer: (
    number?: number,
  ) => Promise<{ readonly payer: Connection; readonly seed: Uint8Array<ArrayBuffer> }>;
}

export const transferTo = { en: "Bank of Examples, 123", zh: "示例银行 123" };

export async function startSelling(
  starts: readonly ((parts: SimulatorParts) => Promise<Simulator>)[] = [],
  clock = movedClock(),
  settings: Readonly<Record<string, string>> = {},
): Promise<Selling> {
  const port = await freePort();
  const hears = `http://127.0.0.1:${port}/v1/pay/hear`;
  const simulators = await Promise.all(starts.map((start) => start({ clock, hears, againMs: 100 })));
  const folder = await mkdtemp(join(tmpdir(), "keepsake-selling-"));
  const file = join(folder, "payments.json");
  const payments = Object.assign(
    { mode: "test", manual: { to: transferTo } },
    ...simulators.map((each) => each.settings),
  );
  await writeFile(file, JSON.stringify(payments), { mode: 0o600 });
  const server = await startTestServer(
    { KEEPSAKE_PORT: String(port), KEEPSAKE_PAYMENTS: file, ...settings },
    clock,
  );
  return {
    server,
    simulators,
    clock,
    newPayer: async (number = 1) => {
      const seed = new Uint8Array(32).fill(number);
      return { payer: (await openPayer(server.connection, [seed], { isNew: true }))!, seed };
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      for (const simulator of simulators) await simulator[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
