import { codes, type Code, type Finding, type FindingCode, type ProgressEvent } from "@keepsake/core/base";
import { fill, type Language, type Values, type Words } from "./language.ts";
import { progressView, type ProgressView } from "./progress.ts";
import { tableLines, type Column } from "./table.ts";
import { wrapTo } from "./width.ts";

/** Longer lines are hard to read. */
const WIDEST = 96;

/** What a command came to. `data` goes into the result event. */
export interface Outcome {
  /** Absent where all is done. */
  readonly code?: Code;
  readonly data?: Readonly<Record<string, unknown>>;
  /** Whether people know already what went wrong. */
  readonly isTold?: boolean;
}

export interface OutputOptions {
  readonly language: Language;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly hasColour: boolean;
}

/**
 * Where everything that a command says goes: data to stdout, words for people to stderr; with `--json`, nothing but
 * events on stdout.
 */
export class Output {
  readonly language: Language;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly hasColour: boolean;
  readonly #progress: ProgressView | undefined;
  readonly #findings: Map<FindingCode, { severity: Finding["severity"]; count: number }> = new Map();
  #eventAt = -Infinity;
  #isBroken = false;

  constructor(options: OutputOptions) {
    this.language = options.language;
    this.isJson = options.isJson;
    this.isQuiet = options.isQuiet;
    this.hasColour = options.hasColour;
    this.#progress =
      options.isJson || options.isQuiet ? undefined : progressView(process.stderr, options.language);
    // A reader that has seen enough, such as `head`, is no failure.
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      this.#isBroken = true;
    });
  }

  /** Data in words, for people and pipes; not with `--json`. */
  line(text: string): void {
    if (this.isJson || this.#isBroken) return;
    this.#progress?.clear();
    process.stdout.write(`${text}\n`);
  }

  table(columns: readonly Column[], rows: readonly (readonly (string | number)[])[]): void {
    if (this.isJson || rows.length === 0) return;
    const [titles, ...lines] = tableLines(columns, rows);
    this.line(this.dim(titles!));
    for (const text of lines) this.line(text);
  }

  /** Data as one event; only with `--json`. */
  event(type: string, data: Readonly<Record<string, unknown>>): void {
    if (this.isJson && !this.#isBroken) process.stdout.write(`${JSON.stringify({ type, ...data })}\n`);
  }

  /** Tells people something; not with `--quiet`. */
  say(words: Words, values?: Values): void {
    if (!this.isQuiet) this.warn(words, values);
  }

  /** Tells people something that they have to know. */
  warn(words: Words, values?: Values): void {
    if (this.isJson) return;
    this.#progress?.clear();
    process.stderr.write(`${this.wrapped(words, values)}\n`);
  }

  /** A text that a person reads at length, broken between words where it meets the edge of the terminal. */
  wrapped(words: Words, values?: Values): string {
    const text = this.text(words, values);
    return process.stderr.isTTY ? wrapTo(text, Math.min(process.stderr.columns, WIDEST)) : text;
  }

  text(words: Words, values?: Values): string {
    return fill(words, this.language, values);
  }

  /** Progress and findings of a core verb. */
  readonly report = (event: ProgressEvent): void => {
    if (event.type === "finding") return this.finding(event.finding);
    this.#progress?.show(event);
    if (!this.isJson) return;
    // Not by the time of day, which may be set back.
    const now = performance.now();
    if (event.type === "progress" && now - this.#eventAt < 200) return;
    this.#eventAt = now;
    this.event(event.type, { ...event });
  };

  finding(finding: Finding): void {
    const { code, severity, count = 1 } = finding;
    this.#findings.set(code, { severity, count: (this.#findings.get(code)?.count ?? 0) + count });
    this.event("finding", { ...finding });
  }

  /** How many findings of each code there were, the worst first. */
  get findings(): readonly {
    readonly code: FindingCode;
    readonly severity: Finding["severity"];
    readonly count: number;
  }[] {
    const order = { error: 0, warning: 1, info: 2 } as const;
    return [...this.#findings]
      .map(([code, finding]) => ({ code, ...finding }))
      .sort((a, b) => order[a.severity] - order[b.severity] || (a.code < b.code ? -1 : 1));
  }

  /** The last event, and for people the sentence of what went wrong. Returns the exit code. */
  finish({ code, data, isTold }: Outcome): number {
    this.#progress?.clear();
    const exit = code === undefined ? 0 : codes[code].exit;
    if (code !== undefined && isTold !== true) this.sentence(code);
    this.event("result", { ok: exit === 0, code: code ?? "done", exit, ...data });
    return exit;
  }

  /** Takes the line of progress away, for what comes next. */
  clear(): void {
    this.#progress?.clear();
  }

  /** What a code means, in a sentence. */
  sentence(code: Code): void {
    const { en, zh, exit } = codes[code];
    const isBad = exit !== 3 && exit !== 130;
    this.warn(isBad ? { en: this.red(en), zh: this.red(zh) } : { en, zh });
  }

  dim(text: string): string {
    return this.#coloured("2", text);
  }

  bold(text: string): string {
    return this.#coloured("1", text);
  }

  red(text: string): string {
    return this.#coloured("31", text);
  }

  #coloured(code: string, text: string): string {
    return this.hasColour ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}
