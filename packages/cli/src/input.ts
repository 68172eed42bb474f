import { KeepsakeError } from "@keepsake/core/base";

/** What stands wrong on the command line: an option's own name and what is wrong with it, never what was typed. */
export function usageError(option: string, problem: string): KeepsakeError {
  return new KeepsakeError("cli.usage", { details: { option, problem } });
}

/** A value that is none of those which an option knows. */
export function notOneOf(option: string, known: readonly string[]): KeepsakeError {
  if (known.length === 0) return usageError(option, "not-taken");
  return new KeepsakeError("cli.usage", {
    details: { option, problem: "not-one-of", known: known.join(", ") },
  });
}

/** The words and options of one command line, read by name. */
export class Input {
  readonly args: readonly string[];
  readonly #options: Readonly<Record<string, unknown>>;

  constructor(args: readonly string[], options: Readonly<Record<string, unknown>>) {
    this.args = args;
    this.#options = options;
  }

  text(name: string): string | undefined {
    const value = this.#options[name];
    return typeof value === "string" ? value : undefined;
  }

  has(name: string): boolean {
    return this.#options[name] !== undefined;
  }

  flag(name: string): boolean {
    return this.#options[name] === true;
  }

  list(name: string): readonly string[] | undefined {
    const value = this.#options[name];
    return Array.isArray(value) && value.length > 0 ? value.map(String) : undefined;
  }

  /** A whole number of at least `least`. */
  number(name: string, least = 0): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : wholeNumber(value, `--${dashed(name)}`, least);
  }

  /** A size: 200MB, 1.5 GB, or a plain number of bytes; units are decimal, as disks are sold. */
  bytes(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([kmgt]?b)?$/i.exec(value) ?? [];
    const power = ["b", "kb", "mb", "gb", "tb"].indexOf(unit.toLowerCase() || "b");
    if (number === "") throw usageError(`--${dashed(name)}`, "not-a-size");
    return Math.round(Number(number) * 1000 ** power);
  }

  /** A day or a time, as milliseconds: 2024-05-01 or 2024-05-01T18:30, in the time of this machine. */
  time(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const match = /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?)?$/.exec(value);
    const [year, month, day, hour, minute, second] = (match ?? []).slice(1).map((part) => Number(part ?? 0));
    const date = new Date(year ?? NaN, (month ?? 1) - 1, day === 0 ? 1 : day, hour, minute, second);
    if (match === null || Number.isNaN(date.getTime()) || date.getMonth() !== (month ?? 1) - 1)
      throw usageError(`--${dashed(name)}`, "not-a-date");
    return date.getTime();
  }

  /** One of the values that an option knows. */
  oneOf<T extends string>(name: string, known: readonly T[]): T | undefined {
    const value = this.text(name);
    const found = known.find((each) => each === value);
    if (value !== undefined && found === undefined) throw notOneOf(`--${dashed(name)}`, known);
    return found;
  }

  /** Some of the values that an option knows. A misspelt one is refused, so that it does not look as if there were none. */
  someOf<T extends string>(name: string, known: readonly T[]): readonly T[] | undefined {
    const values = this.list(name);
    if (values?.every((value) => known.some((each) => each === value)) === false)
      throw notOneOf(`--${dashed(name)}`, known);
    return values as readonly T[] | undefined;
  }
}

export function wholeNumber(value: string, option: string, least = 0): number {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
  if (Number.isNaN(number) || number < least) throw usageError(option, "not-a-number");
  return number;
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
