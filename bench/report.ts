import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
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

/** Puts a section into the page in place of the one of the same title; the others stay. */
export function writeSection(page: URL, title: string, lines: readonly string[]): void {
  const text = existsSync(page) ? readFileSync(page, "utf8") : "# Benchmarks\n";
  const [head, ...sections] = text.split(/^(?=## )/m);
  const others = sections.filter((section) => !section.startsWith(`## ${title}\n`));
  const section = `## ${title}\n\n${lines.join("\n")}\n`;
  const all = [head!, ...others, section].map((part) => part.trimEnd());
  writeFileSync(page, `${all.join("\n\n")}\n`);
}
