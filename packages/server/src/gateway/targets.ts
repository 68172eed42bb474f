import { randomInt } from "node:crypto";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { CellAddress } from "../cells/settings.ts";
import { indexOf } from "../keys/sealed.ts";
import type { Secrets } from "../keys/secrets.ts";
import type { Log } from "../log.ts";
import { fractionOf, ranked } from "./choose.ts";

/** Idle connections go before the cell closes them: a request sent at that moment would be lost. */
const IDLE_MS = 20_000;

/** The cells that a gateway passes requests to, and which of them do not answer now. */
export class Targets {
  readonly addresses: readonly CellAddress[];
  readonly #secrets: Secrets;
  readonly #log: Log;
  readonly #away = new Set<number>();
  readonly #http = new HttpAgent({ keepAlive: true, timeout: IDLE_MS });
  readonly #https = new HttpsAgent({ keepAlive: true, timeout: IDLE_MS });

  constructor(addresses: readonly CellAddress[], { secrets, log }: { secrets: Secrets; log: Log }) {
    this.addresses = addresses;
    this.#secrets = secrets;
    this.#log = log;
  }

  /** Where a cell is, and by which connections; undefined for a number that no cell has. */
  find(cell: number): { readonly url: URL; readonly agent: HttpAgent } | undefined {
    const found = this.addresses.find((each) => each.cell === cell);
    if (found === undefined) return undefined;
    const url = new URL(found.url);
    return { url, agent: url.protocol === "https:" ? this.#https : this.#http };
  }

  /** All cells in any order; those that are away last. */
  any(): readonly number[] {
    return this.#awayLast(ranked(this.#alike(), randomly));
  }

  /** The cell of what no cell has: always the same one for the same key, and nobody without the secrets knows which. */
  stable(key: string): readonly number[] {
    return ranked(this.#alike(), this.#drawBy(key)).slice(0, 1);
  }

  /** The cells for a new member in the order in which they are tried: the same for the same key. */
  forNew(key: string | undefined): readonly number[] {
    return this.#awayLast(ranked(this.addresses, key === undefined ? randomly : this.#drawBy(key)));
  }

  /** The one cell that a tag says. Where there is none, any one answers as to what it has never seen. */
  only(cell: number | undefined): readonly number[] {
    return cell === undefined || this.find(cell) === undefined ? this.any().slice(0, 1) : [cell];
  }

  /** Takes down whether a cell could be reached. */
  note(cell: number, isAway: boolean): void {
    if (this.#away.has(cell) === isAway) return;
    if (isAway) this.#away.add(cell);
    else this.#away.delete(cell);
    this.#log({ event: isAway ? "cell-away" : "cell-back", cell });
  }

  isAway(cell: number): boolean {
    return this.#away.has(cell);
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  #alike() {
    return this.addresses.map(({ cell }) => ({ cell, weight: 1 }));
  }

  #drawBy(key: string): (cell: number) => number {
    return (cell) => fractionOf(indexOf(this.#secrets, "cell", `${key}\0${cell}`));
  }

  #awayLast(cells: readonly number[]): readonly number[] {
    return cells.toSorted((a, b) => Number(this.isAway(a)) - Number(this.isAway(b)));
  }
}

function randomly(): number {
  return (randomInt(2 ** 32) + 0.5) / 2 ** 32;
}
