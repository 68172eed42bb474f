import { open } from "node:fs/promises";
import { KeepsakeError } from "@keepsake/core/base";
import { Value } from "typebox/value";
import { paymentsShape, type PaymentSettings } from "./schema.ts";

const SETTING = "KEEPSAKE_PAYMENTS";
const MOST_BYTES = 200_000;

/**
 * The payment settings that a file holds. They are secrets: the file has to be its owner's alone. Throws `base.invalid`
 * with the place of what is wrong, and never with what stands there.
 */
export async function readPaymentSettings(path: string): Promise<PaymentSettings> {
  const text = await readOwn(path).catch((cause: unknown) => {
    if (KeepsakeError.is(cause)) throw cause;
    throw new KeepsakeError("base.invalid", { cause, details: { name: SETTING } });
  });
  return parsePaymentSettings(text);
}

async function readOwn(path: string): Promise<string> {
  await using file = await open(path);
  const { mode, size } = await file.stat();
  if (process.platform !== "win32" && (mode & 0o077) !== 0) throw invalid("", "readable-by-others");
  if (size > MOST_BYTES) throw invalid("", "too-large");
  return file.readFile("utf8");
}

function parsePaymentSettings(text: string): PaymentSettings {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message would show a piece of the file.
    throw invalid("", "json");
  }
  if (!Value.Check(paymentsShape, value)) {
    const [first] = Value.Errors(paymentsShape, value);
    const rule = first?.keyword === "boolean" ? "unknown-field" : (first?.keyword ?? "shape");
    throw invalid(first?.instancePath.slice(1) ?? "", rule);
  }
  requireMode(value);
  return value;
}

/**
 * Live settings reach the providers themselves and nothing of theirs that is for tests; test settings hold no key that
 * moves money. Throws `base.invalid`.
 */
export function requireMode(settings: PaymentSettings): void {
  const { mode, stripe } = settings;
  const isLiveKey = /^[sr]k_live_/.test(stripe?.secretKey ?? "");
  if (stripe !== undefined && isLiveKey !== (mode === "live")) throw invalid("stripe/secretKey", "mode");
  if (mode === "live") requireLive(settings);
}

function requireLive(settings: PaymentSettings): void {
  const { apple } = settings;
  if (apple !== undefined && apple.environment !== "Production") throw invalid("apple/environment", "mode");
  for (const [name, section] of Object.entries(settings)) {
    if (typeof section !== "object") continue;
    for (const [field, value] of Object.entries(section))
      if (/url$/i.test(field) && !isPublicAddress(String(value))) throw invalid(`${name}/${field}`, "mode");
  }
}

/** Whether an address is of the network and speaks TLS. */
export function isPublicAddress(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || url.protocol !== "https:") return false;
  const { hostname: host } = url;
  const isNear = /^(?:localhost|.*\.localhost|.*\.local|.*\.internal)$/.test(host);
  return !isNear && !/^[\d.]+$/.test(host) && !host.startsWith("[");
}

function invalid(where: string, rule: string): KeepsakeError {
  return new KeepsakeError("base.invalid", { details: { name: SETTING, where, rule } });
}
