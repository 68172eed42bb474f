import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import { listenForPrometheus } from "../metrics.ts";
import type { Targets } from "./targets.ts";

/** What Prometheus reads of a gateway. Labels are cells and kinds of answers: never a member, a name or an address. */
export class GatewayMetrics {
  readonly #registry = new Registry();
  readonly #answers: Counter<"cell" | "status">;

  constructor(targets: Targets) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#answers = new Counter({
      name: "keepsake_gateway_answers_total",
      help: "Answers by the cell that gave them (none: the gateway itself), and by the first digit of their status",
      labelNames: ["cell", "status"],
      registers,
    });
    const away = new Gauge({
      name: "keepsake_gateway_cell_away",
      help: "1 where a cell could not be reached the last time, else 0",
      labelNames: ["cell"],
      registers,
      collect() {
        for (const { cell } of targets.addresses) away.set({ cell }, Number(targets.isAway(cell)));
      },
    });
  }

  count(cell: number | undefined, status: number): void {
    this.#answers.inc({ cell: cell ?? "none", status: `${Math.floor(status / 100)}xx` });
  }

  listen(address: string): Promise<() => Promise<void>> {
    return listenForPrometheus(this.#registry, address);
  }
}
