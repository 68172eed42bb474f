import { createServer } from "node:http";
import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";
import { KeepsakeError } from "@keepsake/core/base";

/** What Prometheus reads. Labels are routes and statuses: never a member, a vault or an address. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #seconds: Histogram<"route" | "status">;
  readonly #bytes: Counter<"way">;

  constructor() {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#seconds = new Histogram({
      name: "keepsake_http_seconds",
      help: "How long answers took, by route and status",
      labelNames: ["route", "status"],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5, 30],
      registers,
    });
    this.#bytes = new Counter({
      name: "keepsake_http_bytes_total",
      help: "Bytes of bodies that came in and went out through this process",
      labelNames: ["way"],
      registers,
    });
  }

  /** Counts every answer of an app. */
  watch(app: FastifyInstance): void {
    app.addHook("onResponse", async (request, reply) => {
      const route = `${request.method} ${request.routeOptions.url ?? "-"}`;
      this.#seconds.observe({ route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
      this.#bytes.inc({ way: "in" }, lengthOf(request.headers["content-length"]));
      this.#bytes.inc({ way: "out" }, lengthOf(reply.getHeader("content-length")));
    });
  }

  /** All numbers, in Prometheus' own form. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Gives the numbers to whoever asks at an address of its own, which is not for members. */
  listen(address: string): Promise<() => Promise<void>> {
    return listenForPrometheus(this.#registry, address);
  }
}

/** Gives the numbers of a registry to whoever asks at an address; gives what stops that. Throws `base.invalid`. */
export async function listenForPrometheus(registry: Registry, address: string): Promise<() => Promise<void>> {
  const [, host = "", port = ""] = /^(.+):(\d{1,5})$/.exec(address) ?? [];
  const server = createServer((_request, response) => {
    void registry.metrics().then((text) => {
      response.writeHead(200, { "content-type": registry.contentType }).end(text);
    });
  });
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(Number(port), host.replace(/^\[|\]$/g, ""), done);
  }).catch((cause: unknown) => {
    throw new KeepsakeError("base.invalid", { cause, details: { name: "KEEPSAKE_METRICS" } });
  });
  return () =>
    new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
}

function lengthOf(header: unknown): number {
  const length = Number(header ?? 0);
  return Number.isSafeInteger(length) && length >= 0 ? length : 0;
}
