import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "@keepsake/core/base";
import { nothingSeen } from "./manual/provider.ts";
import { openProviders } from "./open.ts";
import type { PaymentSettings } from "./schema.ts";
import { readPaymentSettings } from "./settings.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-pay-"));
});
afterEach(() => rm(folder, { recursive: true }));

const secretKey = "sk_live_0123456789";
const stripe = { secretKey, webhookSecret: "whsec_0123456789" };
const live: PaymentSettings = { mode: "live", stripe };

async function read(value: unknown, mode = 0o600): Promise<PaymentSettings> {
  const path = join(folder, "payments.json");
  await writeFile(path, typeof value === "string" ? value : JSON.stringify(value));
  await chmod(path, mode);
  return readPaymentSettings(path);
}

describe("payment settings", () => {
  test("are read, and open what they name", async () => {
    const settings = await read({ ...live, manual: { to: { zh: "甲", en: "A" } } });
    const parts = { clock: systemClock, hearsAt: "https://keepsake.example/hear", seen: nothingSeen };
    const providers = openProviders(settings, parts);
    expect([...providers].map(([name, { isTest }]) => [name, isTest])).toEqual([
      ["manual", false],
      ["stripe", false],
    ]);
    expect(() => openProviders(settings, { ...parts, hearsAt: "http://127.0.0.1:7430" })).toThrow();
  });

  test("are nobody else's to read", async () => {
    for (const mode of [0o644, 0o640, 0o604])
      await expect(read(live, mode)).rejects.toMatchObject({
        code: "base.invalid",
        details: { name: "KEEPSAKE_PAYMENTS", rule: "readable-by-others" },
      });
  });

  const refused: Readonly<Record<string, readonly [unknown, object]>> = {
    "no JSON": [`{"mode":"live","stripe":{"secretKey":"${secretKey}`, { rule: "json" }],
    "no mode": [{ stripe }, { where: "", rule: "required" }],
    "a secret that is none": [
      { mode: "live", stripe: { ...stripe, webhookSecret: 12 } },
      { where: "stripe/webhookSecret" },
    ],
    "a field that nobody knows": [
      { ...live, paypal: { secretKey } },
      { where: "paypal", rule: "unknown-field" },
    ],
    "a key for tests where money moves": [
      { mode: "live", stripe: { ...stripe, secretKey: "sk_test_0123456789" } },
      { where: "stripe/secretKey", rule: "mode" },
    ],
    "a key that moves money in test mode": [
      { ...live, mode: "test" },
      { where: "stripe/secretKey", rule: "mode" },
    ],
    "a provider on this machine where money moves": [
      { mode: "live", stripe: { ...stripe, url: "https://localhost:1" } },
      { where: "stripe/url", rule: "mode" },
    ],
    "a provider without TLS where money moves": [
      { mode: "live", stripe: { ...stripe, url: "http://api.stripe.com" } },
      { where: "stripe/url", rule: "mode" },
    ],
  };
  test.each(Object.entries(refused))(
    "are refused with the place and not the value: %s",
    async (_, [value, details]) => {
      const error = await read(value).catch((caught: unknown) => caught);
      expect(error).toMatchObject({
        code: "base.invalid",
        details: { name: "KEEPSAKE_PAYMENTS", ...details },
      });
      expect(`${JSON.stringify(error)}${String((error as Error).cause)}`).not.toContain("0123456789");
    },
  );

  test("that are not there are refused", async () => {
    await expect(readPaymentSettings(join(folder, "nowhere.json"))).rejects.toMatchObject({
      details: { name: "KEEPSAKE_PAYMENTS" },
    });
  });
});
