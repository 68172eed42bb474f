import { readFile, stat } from "node:fs/promises";
import { KeepsakeError, type Clock } from "@keepsake/core/base";
import { catalogueProblems, standardCatalogue, type Catalogue } from "@keepsake/core/plans";
import { Value } from "typebox/value";
import type { Db, Query } from "../db/index.ts";
import type { Log } from "../log.ts";
import { catalogueShape } from "./schema.ts";
import type { CatalogueTable } from "./tables.ts";

/** What is offered here, and what ever was. */
export interface Catalogues {
  /** The one of the operator's file as it is now; the one before it while the file is wrong. */
  current(): Promise<Catalogue>;
  /** The same as it was last looked at: inside of a transaction, which taking a new one would wait for. */
  known(): Catalogue;
  /** An earlier one, by its version; asked inside of a transaction by its own `query`. */
  ofVersion(version: number, query?: Query): Promise<Catalogue | undefined>;
}

interface Parts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  /** The operator's file; the catalogue that comes with Keepsake if empty. */
  readonly file: string;
}

/** The file is looked at again after so long. */
const LOOK_MS = 2_000;
const MOST_BYTES = 1_000_000;
const SETTING = "KEEPSAKE_PLANS";

/**
 * Takes the operator's catalogue, and writes it down. Throws `base.invalid`, which says what is wrong where. Without a
 * file it is the one that comes with Keepsake, unless a later one was offered here already.
 */
export async function openCatalogues(parts: Parts): Promise<Catalogues> {
  const catalogues = new Kept(parts);
  await (parts.file === "" ? catalogues.takeStandard() : catalogues.take());
  return catalogues;
}

class Kept implements Catalogues {
  readonly #parts: Parts;
  #current: Catalogue = standardCatalogue;
  readonly #versions = new Map<number, Catalogue>();
  #stamp = "";
  #lookedAtMs = -Infinity;
  #looking: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async take(): Promise<void> {
    const { file } = this.#parts;
    this.#lookedAtMs = performance.now();
    const stamp = await stampOf(file);
    const catalogue = await readCatalogue(file);
    const { version, text } = await this.#writeDown(catalogue);
    if (version !== catalogue.version) throw invalid("version", "older");
    if (text !== JSON.stringify(catalogue)) throw invalid("version", "changed");
    [this.#current, this.#stamp] = [catalogue, stamp];
  }

  async takeStandard(): Promise<void> {
    this.#current = JSON.parse((await this.#writeDown(standardCatalogue)).text) as Catalogue;
  }

  async current(): Promise<Catalogue> {
    if (this.#parts.file !== "" && performance.now() - this.#lookedAtMs >= LOOK_MS) {
      this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
      await this.#looking;
    }
    return this.#current;
  }

  known(): Catalogue {
    return this.#current;
  }

  async ofVersion(version: number, query: Query = this.#parts.db.query): Promise<Catalogue | undefined> {
    const known = this.#versions.get(version);
    if (known !== undefined) return known;
    const row = await query
      .selectFrom("catalogue")
      .select("text")
      .where("version", "=", version)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const catalogue = JSON.parse(row.text) as Catalogue;
    // One version says one thing for ever.
    this.#versions.set(version, catalogue);
    return catalogue;
  }

  /** Whoever is served meanwhile has the catalogue before. What is wrong with a file is said once. */
  async #look(): Promise<void> {
    this.#lookedAtMs = performance.now();
    const stamp = await stampOf(this.#parts.file).catch(() => "");
    if (stamp === this.#stamp) return;
    try {
      await this.take();
      this.#parts.log({ event: "catalogue-taken", version: this.#current.version });
    } catch (error) {
      this.#stamp = stamp;
      const { where = "", rule = "unreadable" } = KeepsakeError.is(error, "base.invalid")
        ? error.details
        : {};
      this.#parts.log({ event: "catalogue-refused", where: String(where), rule: String(rule) });
    }
  }

  /** One version says one thing for ever, and later ones have higher numbers: gives what is written as the latest. */
  async #writeDown(catalogue: Catalogue): Promise<Pick<CatalogueTable, "version" | "text">> {
    const { db, clock } = this.#parts;
    const { version } = catalogue;
    const before = await this.#latest(version);
    if (before !== undefined) return before;
    await db.query
      .insertInto("catalogue")
      .values({ version, text: JSON.stringify(catalogue), sinceMs: clock.now() })
      .onConflict((conflict) => conflict.column("version").doNothing())
      .execute();
    return (await this.#latest(version))!;
  }

  #latest(from: number): Promise<Pick<CatalogueTable, "version" | "text"> | undefined> {
    return this.#parts.db.query
      .selectFrom("catalogue")
      .select(["version", "text"])
      .where("version", ">=", from)
      .orderBy("version", "desc")
      .limit(1)
      .executeTakeFirst();
  }
}

async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (cause) {
    throw new KeepsakeError("base.invalid", { cause, details: { name: SETTING } });
  }
}

async function readCatalogue(file: string): Promise<Catalogue> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new KeepsakeError("base.invalid", { cause, details: { name: SETTING } });
  });
  if (bytes.length > MOST_BYTES) throw invalid("", "too-large");
  return parseCatalogue(bytes.toString("utf8"));
}

/** The catalogue that a text holds. Throws `base.invalid`, which says what is wrong where. */
function parseCatalogue(text: string): Catalogue {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new KeepsakeError("base.invalid", { cause, details: { name: SETTING, rule: "json" } });
  }
  if (!Value.Check(catalogueShape, value)) {
    const [first] = Value.Errors(catalogueShape, value);
    // A field that nobody knows is held to the schema that nothing fits.
    const rule = first?.keyword === "boolean" ? "unknown-field" : (first?.keyword ?? "shape");
    throw invalid(first?.instancePath.slice(1) ?? "", rule);
  }
  const [problem] = catalogueProblems(value);
  if (problem !== undefined) throw invalid(problem.where, problem.rule);
  return value;
}

function invalid(where: string, rule: string): KeepsakeError {
  return new KeepsakeError("base.invalid", { details: { name: SETTING, where, rule } });
}
