import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Catalogue } from "@keepsake/core/plans";
import type { Books } from "../../src/billing/books/books.ts";
import { billingJobs } from "../../src/billing/work.ts";
import { finish, take } from "../../src/jobs/queue.ts";
import type { Simulator, SimulatorParts } from "../../src/billing/simulators/simulator.ts";
import { parseConfig } from "../../src/config.ts";
import { openServer } from "../../src/serve.ts";
import type { Server } from "../../src/server.ts";
import { startMailSink, type MailSink } from "../mail.ts";
import type { SetClock } from "./bench.ts";

/** A server whose own jobs do not run, and which no provider calls: each step is the test's. */
export interface Still<S extends Simulator> extends AsyncDisposable {
  readonly books: Server;
  readonly simulator: S;
  readonly clock: SetClock;
  readonly mail: MailSink;
}

export async function startStill<S extends Simulator>(
  start: (parts: SimulatorParts) => Promise<S>,
  { clock, catalogue }: { readonly clock: SetClock; readonly catalogue: Catalogue },
): Promise<Still<S>> {
  const folder = await mkdtemp(join(tmpdir(), "keepsake-still-"));
  const mail = await startMailSink();
  const plans = join(folder, "plans.json");
  await writeFile(plans, JSON.stringify(catalogue));
  const simulator = await start({ clock, hears: "http://127.0.0.1:9/none", againMs: 1e9 });
  const file = join(folder, "payments.json");
  const manual = { to: { en: "Bank of Examples, 123", zh: "示例银行 123" } };
  await writeFile(file, JSON.stringify({ mode: "test", manual, ...simulator.settings }), { mode: 0o600 });
  const config = parseConfig({
    KEEPSAKE_DATA: join(folder, "data"),
    KEEPSAKE_PORT: "0",
    KEEPSAKE_WEB: "",
    KEEPSAKE_PAYMENTS: file,
    KEEPSAKE_PLANS: plans,
    KEEPSAKE_MAIL_SERVER: mail.url,
    KEEPSAKE_MAIL_FROM: "keepsake@example.org",
  });
  const books = await openServer(config, { log: () => undefined, clock });
  return {
    books,
    simulator,
    clock,
    mail,
    async [Symbol.asyncDispose]() {
      await books.db.close();
      await simulator[Symbol.asyncDispose]();
      await mail[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** Does what is due, in its order, as the server's jobs would; in books that may end, what was taken waits there. */
export async function doJobs(books: Books, { db, clock }: Server): Promise<void> {
  const handlers = billingJobs(books);
  const kinds = Object.entries(handlers).flatMap(([kind, { everyMs }]) =>
    everyMs === undefined ? [kind] : [],
  );
  for (;;) {
    const [job] = await take(db.query, { kinds, nowMs: clock.now(), leaseMs: 60_000, limit: 1 });
    if (job === undefined) return;
    await handlers[job.kind]!.run(job, new AbortController().signal);
    await finish(db.query, job);
  }
}
