import { readFileSync } from "node:fs";
import { join } from "node:path";
import { KeepsakeError } from "@keepsake/core/base";
import { cellSettings, type CellSettings } from "./cells/settings.ts";
import { guardSettings, type GuardSettings } from "./guards/settings.ts";
import type { Rate } from "./http/limits.ts";
import { webFolder } from "./http/web/folder.ts";
import { noticeSettings, type NoticeSettings } from "./notices/settings.ts";

/** What an operator sets; every value has a default that is safe on a machine of one's own. */
export interface Config {
  /** The address to listen on; only this machine unless it is set. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Where members reach the server, if that is not where it listens: behind a proxy. */
  readonly publicUrl: string;
  /** The folder of the web app to serve at `/`; none if empty. */
  readonly web: string;
  /** Whether the address of a client is what a proxy in front says it is. */
  readonly behindProxy: boolean;
  /** How long requests under way may take once a stop was asked for. */
  readonly stopWithinMs: number;
  /** The folder of the database, the objects and the secrets, as far as these are not elsewhere. */
  readonly data: string;
  /** The PostgreSQL to use in place of a database in the data folder. */
  readonly postgres: string;
  readonly postgresConnections: number;
  /** The S3 bucket to use in place of objects in the data folder. */
  readonly objects: string;
  readonly s3AccessKeyId: string;
  readonly s3SecretAccessKey: string;
  readonly secretsFile: string;
  /** The folder of day keys, which no backup of the database may hold. */
  readonly dayKeys: string;
  /** Who may sign up: those with an invitation, or anyone. */
  readonly signUp: "invitation" | "open";
  /** What a new member may store, unless the invitation says otherwise. */
  readonly quotaBytes: number;
  /** Whether one more invitation is made at start, for a member with a sample history. */
  readonly sampleInvitation: boolean;
  /** How long what was removed can still be had back. */
  readonly trashDays: number;
  /** For how long copies that the operator makes are kept at most: receipts of deletions say so. */
  readonly backupDays: number;
  /** The file with the catalogue of plans; the one that comes with Keepsake if empty. */
  readonly plans: string;
  /** The file with the payment providers and their secrets; nothing is sold if empty. */
  readonly payments: string;
  /** Whether providers are simulated on this machine: everything can be bought, and no money moves. */
  readonly isPaymentsTest: boolean;
  /** Where Prometheus may ask, such as 127.0.0.1:9464; nowhere if empty. */
  readonly metrics: string;
  /** Requests from one address, and of one member. */
  readonly addressRate: Rate;
  readonly memberRate: Rate;
  /** Mail and SMS. */
  readonly notices: NoticeSettings;
  /** What limits guesses at passwords. */
  readonly guard: GuardSettings;
  /** Which cell this is, and where the others are. */
  readonly cells: CellSettings;
}

type Environment = Readonly<Record<string, string | undefined>>;

const largest: Readonly<Record<string, number>> = { KEEPSAKE_PORT: 65_535, KEEPSAKE_STOP_MS: 20_000 };

/**
 * The configuration that an environment holds, over what the JSON file of KEEPSAKE_CONFIG_FILE says under the same
 * names. Throws `base.invalid` with the name of the wrong setting.
 */
export function parseConfig(given: Environment): Config {
  const environment = environmentOf(given);
  const text = (name: string, preset: string): string => environment[name] || preset;
  const number = (name: string, preset: number): number => wholeNumber(environment, name, preset);
  const choice = <T extends string>(name: string, choices: readonly [T, ...T[]]): T => {
    const value = text(name, choices[0]);
    const found = choices.find((each) => each === value);
    if (found === undefined) throw wrong(name, { choices: choices.join(" ") });
    return found;
  };
  const rate = (name: string, preset: Rate): Rate => {
    const perSecond = number(name, preset.perSecond);
    if (perSecond === 0) throw wrong(name, { least: 1 });
    return { perSecond, burst: perSecond * (preset.burst / preset.perSecond) };
  };
  const data = text("KEEPSAKE_DATA", "keepsake-data");
  const postgres = text("KEEPSAKE_POSTGRES", "");
  const guard = guardSettings(text, { data, postgres });
  const isPaymentsTest = choice("KEEPSAKE_PAYMENTS_TEST", ["no", "yes"]) === "yes";
  if (isPaymentsTest) requireOfThisMachine(text);
  return {
    host: text("KEEPSAKE_HOST", "127.0.0.1"),
    port: number("KEEPSAKE_PORT", 7430),
    publicUrl: webAddress("KEEPSAKE_PUBLIC_URL", text("KEEPSAKE_PUBLIC_URL", "")),
    web: webFolder(environment["KEEPSAKE_WEB"]),
    behindProxy: choice("KEEPSAKE_BEHIND_PROXY", ["no", "yes"]) === "yes",
    stopWithinMs: number("KEEPSAKE_STOP_MS", 20_000),
    data,
    postgres,
    postgresConnections: number("KEEPSAKE_POSTGRES_CONNECTIONS", 10),
    objects: text("KEEPSAKE_OBJECTS", ""),
    s3AccessKeyId: text("KEEPSAKE_S3_ACCESS_KEY_ID", text("AWS_ACCESS_KEY_ID", "")),
    s3SecretAccessKey: text("KEEPSAKE_S3_SECRET_ACCESS_KEY", text("AWS_SECRET_ACCESS_KEY", "")),
    secretsFile: text("KEEPSAKE_SECRETS_FILE", join(data, "secrets.json")),
    dayKeys: dayKeysFolder(text, { data, postgres }),
    backupDays: number("KEEPSAKE_BACKUP_DAYS", 30),
    signUp: choice("KEEPSAKE_SIGN_UP", ["invitation", "open"]),
    quotaBytes: number("KEEPSAKE_QUOTA_BYTES", 50_000_000_000),
    sampleInvitation: choice("KEEPSAKE_SAMPLE_INVITATION", ["no", "yes"]) === "yes",
    trashDays: number("KEEPSAKE_TRASH_DAYS", 7),
    plans: text("KEEPSAKE_PLANS", ""),
    payments: text("KEEPSAKE_PAYMENTS", ""),
    isPaymentsTest,
    metrics: listenAddress("KEEPSAKE_METRICS", text("KEEPSAKE_METRICS", "")),
    addressRate: rate("KEEPSAKE_REQUESTS_PER_ADDRESS", { burst: 400, perSecond: 100 }),
    notices: noticeSettings(text),
    guard,
    cells: cellSettings(text, guard.guards),
    memberRate: rate("KEEPSAKE_REQUESTS_PER_MEMBER", { burst: 400, perSecond: 100 }),
  };
}

/**
 * The configuration of a guard by itself: what others say as KEEPSAKE_NAME it says as KEEPSAKE_GUARD_NAME, so that one
 * environment may hold both. Throws as `parseConfig` does.
 */
export function parseGuardConfig(given: Environment): Config {
  const environment = environmentOf(given);
  const own = Object.entries(environment).filter(([name]) => name.startsWith("KEEPSAKE_GUARD_"));
  const renamed = own.map(([name, value]) => [name.replace("_GUARD_", "_"), value] as const);
  const presets = { KEEPSAKE_DATA: "keepsake-guard-data", KEEPSAKE_PORT: "7431", KEEPSAKE_GUARDS: "none" };
  const folder = environment["KEEPSAKE_GUARD_DATA"] || presets.KEEPSAKE_DATA;
  return parseConfig({
    ...presets,
    // A guard keeps no vaults: nothing of theirs lies in it.
    KEEPSAKE_DAY_KEYS: join(folder, "day-keys"),
    ...Object.fromEntries(renamed),
    KEEPSAKE_GUARD_FENCE: environment["KEEPSAKE_GUARD_FENCE"],
    KEEPSAKE_GUARD_FOR: environment["KEEPSAKE_GUARD_FOR"],
  });
}

/**
 * Where a server is to move: what others say as KEEPSAKE_NAME is said as KEEPSAKE_TO_NAME, and what is not said is as
 * it was. Throws `base.invalid` where neither a folder, a database nor a bucket is named, and as `parseConfig` does.
 */
export function parseTargetConfig(given: Environment): Config {
  const environment = environmentOf(given);
  const own = Object.entries(environment).filter(
    ([name, value]) => name.startsWith("KEEPSAKE_TO_") && value !== "",
  );
  if (own.length === 0) throw wrong("KEEPSAKE_TO_DATA", {});
  const {
    KEEPSAKE_DATA: data,
    KEEPSAKE_S3_ACCESS_KEY_ID: id,
    KEEPSAKE_S3_SECRET_ACCESS_KEY: key,
  } = environment;
  return parseConfig({
    KEEPSAKE_DATA: data,
    KEEPSAKE_DAY_KEYS: environment["KEEPSAKE_DAY_KEYS"] || join(data || "keepsake-data", "day-keys"),
    KEEPSAKE_S3_ACCESS_KEY_ID: id ?? environment["AWS_ACCESS_KEY_ID"],
    KEEPSAKE_S3_SECRET_ACCESS_KEY: key ?? environment["AWS_SECRET_ACCESS_KEY"],
    ...Object.fromEntries(own.map(([name, value]) => [name.replace("_TO_", "_"), value])),
  });
}

/** Servers that share a database share the folder: one of its own would open none of the others' tokens. */
function dayKeysFolder(
  text: (name: string, preset: string) => string,
  { data, postgres }: { readonly data: string; readonly postgres: string },
): string {
  const folder = text("KEEPSAKE_DAY_KEYS", postgres === "" ? join(data, "day-keys") : "");
  if (folder === "") throw wrong("KEEPSAKE_DAY_KEYS", {});
  return folder;
}

/** Who can buy for nothing is on this machine, and on a server that takes no money besides. */
function requireOfThisMachine(text: (name: string, preset: string) => string): void {
  const isNear = (host: string): boolean => /^(?:127\.\d+\.\d+\.\d+|localhost|::1|\[::1\])$/.test(host);
  const { hostname } = URL.parse(text("KEEPSAKE_PUBLIC_URL", "http://127.0.0.1")) ?? { hostname: "" };
  const wrongOne = [
    ["KEEPSAKE_PAYMENTS", text("KEEPSAKE_PAYMENTS", "") === ""],
    ["KEEPSAKE_HOST", isNear(text("KEEPSAKE_HOST", "127.0.0.1"))],
    ["KEEPSAKE_PUBLIC_URL", isNear(hostname)],
    ["KEEPSAKE_BEHIND_PROXY", text("KEEPSAKE_BEHIND_PROXY", "no") === "no"],
  ] as const;
  const where = wrongOne.find(([, isRight]) => !isRight)?.[0];
  if (where !== undefined) throw wrong("KEEPSAKE_PAYMENTS_TEST", { where });
}

function wholeNumber(environment: Environment, name: string, preset: number): number {
  const text = environment[name];
  if (text === undefined || text === "") return preset;
  const max = largest[name] ?? Number.MAX_SAFE_INTEGER;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= max)) throw wrong(name, { max });
  return value;
}

/** A host and a port; empty for none. Throws `base.invalid` with the setting's name. */
export function listenAddress(name: string, text: string): string {
  if (text === "" || /^(?:\[[0-9a-f:]+\]|[^:\s]+):\d{1,5}$/i.test(text)) return text;
  throw wrong(name, { example: "127.0.0.1:9464" });
}

function webAddress(name: string, text: string): string {
  if (text === "") return "";
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "")
    throw wrong(name, { example: "https://keepsake.example" });
  return url.href.replace(/\/$/, "");
}

/** Settings of an environment, over those of the file that it names. Throws `base.invalid`. */
export function environmentOf(given: Environment): Environment {
  return { ...fileSettings(given["KEEPSAKE_CONFIG_FILE"]), ...given };
}

function fileSettings(path: string | undefined): Environment {
  if (path === undefined || path === "") return {};
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new KeepsakeError("base.invalid", { cause, details: { name: "KEEPSAKE_CONFIG_FILE" } });
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw wrong("KEEPSAKE_CONFIG_FILE", {});
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      if (!/^KEEPSAKE_[A-Z_]+$/.test(name)) throw wrong("KEEPSAKE_CONFIG_FILE", {});
      if (typeof value !== "string" && typeof value !== "number") throw wrong(name, {});
      return [name, String(value)];
    }),
  );
}

function wrong(name: string, details: Readonly<Record<string, string | number>>): KeepsakeError {
  return new KeepsakeError("base.invalid", { details: { name, ...details } });
}
