import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { format } from "prettier";
import { median, type Measured } from "./measure.ts";

/** Gathers what the runs of the tools give, and makes tables of it. */
export class Findings {
  readonly #byTool = new Map<string, Map<string, number[]>>();

  add(tool: string, what: string, value: number | undefined): void {
    if (value === undefined) return;
    const values = this.#byTool.get(tool) ?? new Map<string, number[]>();
    this.#byTool.set(tool, values);
    values.set(what, [...(values.get(what) ?? []), value]);
  }

  addRun(tool: string, step: string, { wallS, cpuS, peakMB }: Measured): void {
    this.add(tool, `${step}, wall s`, wallS);
    this.add(tool, `${step}, CPU s`, cpuS);
    this.add(tool, `${step}, peak MB`, peakMB);
  }

  /** The median; NaN where nothing was measured. */
  median(tool: string, what: string): number {
    return median(this.#byTool.get(tool)?.get(what) ?? []);
  }

  /** One row for each thing measured, in the order in which they came, the first tool against the others. */
  table(): string[] {
    const tools = [...this.#byTool.keys()];
    const peers = tools.slice(1);
    const rows = new Set(tools.flatMap((tool) => [...this.#byTool.get(tool)!.keys()]));
    return [
      `| | ${[...tools, ...peers.map((name) => `ratio to ${name}`)].join(" | ")} |`,
      `|---|${"---|".repeat(tools.length + peers.length)}`,
      ...[...rows].map((what) => {
        const cells = tools.map((tool) => cell(this.#byTool.get(tool)!.get(what) ?? []));
        const own = this.median(tools[0]!, what);
        const ratios = peers.map((peer) => short(own / this.median(peer, what)));
        return `| ${[what, ...cells, ...ratios].join(" | ")} |`;
      }),
    ];
  }
}

function cell(all: readonly number[]): string {
  return all.length === 0
    ? "–"
    : `${short(median(all))} (${short(Math.min(...all))}–${short(Math.max(...all))})`;
}

/** Nothing measured gives no number. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return value.toFixed(value < 0.1 ? 4 : value < 10 ? 2 : 1);
}

/** Which command, when, on what machine. */
export function headOf(options: readonly string[], script = "bench"): string[] {
  return [
    `Command: \`npm run ${script} -- ${options.join(" ")}\``,
    `Date: ${new Date().toISOString().slice(0, 10)}. Machine: ${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}.`,
    "",
  ];
}

/** Puts a section into the page in the place of the one of the same title, or after all; the others stay. */
export async function writeSection(page: URL, title: string, lines: readonly string[]): Promise<void> {
  const text = existsSync(page) ? readFileSync(page, "utf8") : "# Benchmarks\n";
  const parts = text.split(/^(?=## )/m);
  const section = `## ${title}\n\n${lines.join("\n")}\n`;
  const place = parts.findIndex((part) => part.startsWith(`## ${title}\n`));
  const all = place < 0 ? [...parts, section] : parts.with(place, section);
  const whole = all.map((part) => `${part.trimEnd()}\n`).join("\n");
  writeFileSync(page, await format(whole, { printWidth: 110, parser: "markdown" }));
}
