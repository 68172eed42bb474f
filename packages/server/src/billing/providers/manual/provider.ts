import { channels } from "@keepsake/core/plans";
import type { Statement } from "../../dealing/statements.ts";
import { standing, type ProviderParts } from "../parts.ts";
import { refused } from "../problems.ts";
import type { Begun, Hint, Known, Movement, Provider, Purchase, Refund } from "../provider.ts";
import type { ManualSettings } from "../schema.ts";

/** What the operator saw on a bank's statement, or in a cash box. */
export interface Seen {
  /** The name of it there; the same again is the same money. */
  readonly id: string;
  readonly atMs: number;
  readonly subscription: string;
  readonly charge: string;
  /** In is positive, paid back negative. */
  readonly amountMinor: number;
  readonly currency: string;
}

/** Where what the operator saw is kept. */
export interface SeenBook {
  of(subscription: string): Promise<readonly Seen[]>;
  within(fromMs: number, untilMs: number): Promise<readonly Seen[]>;
}

/** Where nobody told of anything yet. */
export const nothingSeen: SeenBook = {
  of: () => Promise.resolve([]),
  within: () => Promise.resolve([]),
};

const DAY_MS = 24 * 60 * 60_000;

/**
 * A bank transfer with a text as its purpose, or any other way between people: the operator tells what came in and what
 * was paid back. Nothing is charged by itself, and nobody calls.
 */
export class ManualProvider implements Provider {
  readonly name = "manual";
  readonly channels = channels;
  readonly renewal = "none";
  readonly refunds = "parts";
  readonly isTest: boolean;
  readonly #settings: ManualSettings;
  readonly #parts: ProviderParts;
  readonly #book: SeenBook;

  constructor(settings: ManualSettings, parts: ProviderParts, book: SeenBook) {
    this.#settings = settings;
    this.#parts = parts;
    this.#book = book;
    this.isTest = parts.isTest;
  }

  begin(purchase: Purchase): Promise<Begun> {
    const { subscription } = purchase;
    return Promise.resolve({
      reference: subscription,
      next: { how: "transfer", to: this.#settings.to[purchase.language], purpose: purposeOf(subscription) },
    });
  }

  hear(): Promise<Hint> {
    return Promise.reject(refused("nobody-calls"));
  }

  async look({ subscription }: Known): Promise<readonly Statement[]> {
    const seen = await this.#book.of(subscription);
    const moved = seen.map((each): Statement => {
      const { id, atMs, charge, amountMinor, currency } = each;
      return amountMinor >= 0
        ? { kind: "paid", id: `seen:${id}`, atMs, charge, amountMinor, currency }
        : { kind: "refunded", id: `seen:${id}`, atMs, charge, amountMinor: -amountMinor, isRevoked: false };
    });
    const isPending = !seen.some(({ amountMinor }) => amountMinor > 0);
    return [...moved, standing({ subscription }, this.#parts.clock.now(), { isPending })];
  }

  /** The operator sends the money: it counts once they told that they did. */
  refund({ chargeMinor, amountMinor }: Refund): Promise<void> {
    return amountMinor > 0 && amountMinor <= chargeMinor
      ? Promise.resolve()
      : Promise.reject(refused("other-amount"));
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  async movements(day: string): Promise<readonly Movement[]> {
    const fromMs = Date.parse(`${day}T00:00:00Z`);
    const seen = await this.#book.within(fromMs, fromMs + DAY_MS);
    return seen.map(({ id, atMs, charge, amountMinor, currency }) => ({
      id: `seen:${id}`,
      atMs,
      charge,
      amountMinor,
      currency,
    }));
  }
}

/** What a person writes as the purpose of a transfer: the subscription's name in fours, in capitals. */
export function purposeOf(subscription: string): string {
  return (subscription.toUpperCase().match(/.{1,4}/g) ?? []).join(" ");
}

/** What in a purpose may be a subscription's name, however it was typed and whatever stands around it. */
export function subscriptionsIn(purpose: string): readonly string[] {
  const typed = purpose.toLowerCase().replace(/[^0-9a-z]+/g, "");
  const all = Array.from({ length: Math.max(typed.length - 25, 0) }, (_, at) => typed.slice(at, at + 26));
  return [...new Set(all.filter((each) => /^[0-9a-v]{25}[048cgkos]$/.test(each)))];
}
