import { ask, jsonOf } from "../wire/ask.ts";
import { badSignature, refused } from "../problems.ts";
import { createHmac, timingSafeEqual } from "node:crypto";
import type { StripeSettings } from "../schema.ts";

/** The version of Stripe's API that is spoken, whatever the account's own is. */
const STRIPE_VERSION = "2024-06-20";
const STALE_S = 5 * 60;

export type Form = Readonly<Record<string, string | number | undefined>>;

/** Stripe's REST API: forms in, JSON out, the secret key in a header. */
export class StripeApi {
  readonly #settings: StripeSettings;

  constructor(settings: StripeSettings) {
    this.#settings = settings;
  }

  get<T>(path: string, query: Form = {}): Promise<T> {
    const text = formOf(query);
    return this.#ask<T>({ method: "GET", path: text === "" ? path : `${path}?${text}` });
  }

  /** With a key Stripe does it once, and answers the same for a day at least. */
  post<T>(path: string, form: Form, key: string): Promise<T> {
    return this.#ask<T>({ method: "POST", path, body: formOf(form), key });
  }

  /** All entries of a list. */
  async all<T extends { readonly id: string }>(path: string, query: Form): Promise<readonly T[]> {
    const entries: T[] = [];
    for (;;) {
      const after = entries.at(-1)?.id;
      const page = await this.get<{ readonly data: readonly T[]; readonly has_more: boolean }>(path, {
        ...query,
        limit: 100,
        ...(after === undefined ? {} : { starting_after: after }),
      });
      entries.push(...page.data);
      if (!page.has_more || page.data.length === 0) return entries;
    }
  }

  async #ask<T>({
    method,
    path,
    body,
    key,
  }: {
    readonly method: "GET" | "POST";
    readonly path: string;
    readonly body?: string;
    readonly key?: string;
  }): Promise<T> {
    const answer = await ask({
      method,
      url: `${this.#settings.url ?? "https://api.stripe.com"}${path}`,
      mayRepeat: true,
      headers: {
        authorization: `Bearer ${this.#settings.secretKey}`,
        "stripe-version": STRIPE_VERSION,
        ...(body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
        ...(key === undefined ? {} : { "idempotency-key": key }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const json = jsonOf(answer.bytes) as {
      readonly error?: { readonly code?: string; readonly type?: string };
    };
    if (answer.status === 200) return json as T;
    throw refused(json.error?.code ?? json.error?.type);
  }
}

function formOf(form: Form): string {
  const entries = Object.entries(form).filter(([, value]) => value !== undefined);
  return new URLSearchParams(
    entries.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

/** Throws `pay.bad-signature` unless Stripe signed this body within the last five minutes. */
export function checkStripeSignature(
  header: string | undefined,
  body: Uint8Array,
  { secret, nowMs }: { readonly secret: string; readonly nowMs: number },
): void {
  const parts = (header ?? "").split(",").map((part) => part.split("=", 2) as [string, string?]);
  const seconds = parts.find(([name]) => name === "t")?.[1] ?? "";
  const due = stripeMac(secret, seconds, body);
  const isSigned = parts.some(([name, value = ""]) => {
    const given = Buffer.from(value, "hex");
    return name === "v1" && given.length === due.length && timingSafeEqual(given, due);
  });
  if (!/^\d{1,12}$/.test(seconds) || !isSigned) throw badSignature("signature");
  if (Math.abs(nowMs / 1000 - Number(seconds)) > STALE_S) throw badSignature("stale");
}

function stripeMac(secret: string, seconds: string, body: Uint8Array): Buffer {
  return createHmac("sha256", secret).update(`${seconds}.`).update(body).digest();
}
