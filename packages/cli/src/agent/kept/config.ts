import { bytesToText, KeepsakeError, type Finding } from "@keepsake/core/base";
import { readIfThere, writePrivate } from "../../device/folders.ts";
import { agentFile } from "./files.ts";
import { parseHours, type Hours } from "../plan/hours.ts";

/** A folder or a file that is backed up whenever it changed. */
export interface WatchedSource {
  /** What the source is called in the vault. */
  readonly name: string;
  readonly path: string;
  readonly format?: string;
  /** Whose account is read, confirmed by the person who wrote it down. */
  readonly me?: string;
  readonly backupPasswordFile?: string;
}

/** What the agent does, as the person wants it. */
export interface AgentConfig {
  /** The vault's folder; the one that was used last, if absent. */
  readonly store?: string;
  readonly sources: readonly WatchedSource[];
  /** Nothing is begun or goes on outside of them. */
  readonly hours?: Hours;
  /** To and from the store, on average. */
  readonly bytesPerSecond?: number;
  readonly isPausedOnBattery: boolean;
  readonly isPausedOnMetered: boolean;
  /** How long nothing must have changed before a source counts as finished. */
  readonly quietSeconds: number;
  /** How often a source is looked at where the system tells of no change. */
  readonly lookSeconds: number;
  /**
   * After how long without any progress what runs is taken to hang, and ended. Long on purpose: a slow round that is
   * ended begins anew, while one that hangs can wait.
   */
  readonly stalledMinutes: number;
  /** After how many days without a new backup the person is reminded; 0 for never. */
  readonly remindAfterDays: number;
}

/** The file's own shape: as `AgentConfig`, with hours as text. */
export type ConfigJson = Partial<Omit<AgentConfig, "hours" | "sources">> & {
  readonly hours?: string;
  readonly sources?: readonly WatchedSource[];
};

/** A configuration with what is to be looked at in it; undefined where something in it is wrong. */
export interface CheckedConfig {
  readonly config: AgentConfig | undefined;
  /** Unknown keys as warnings, wrong values as errors; `where` is the key's place. */
  readonly findings: readonly Finding[];
}

export const defaults: AgentConfig = {
  sources: [],
  isPausedOnBattery: true,
  isPausedOnMetered: true,
  quietSeconds: 30,
  lookSeconds: 25,
  stalledMinutes: 720,
  remindAfterDays: 7,
};

type Rule = (value: unknown) => boolean;
type Rules = Readonly<Record<string, Rule>>;

const LONGEST_NAME = 200;
/** A timer of much more than that would ring at once. */
const YEAR_MINUTES = 366 * 24 * 60;

const isText: Rule = (value) => typeof value === "string" && value.trim() !== "";
const isName: Rule = (value) => isText(value) && (value as string).length <= LONGEST_NAME;
const isFlag: Rule = (value) => typeof value === "boolean";
const number =
  (least: number, most = Number.MAX_VALUE): Rule =>
  (value) =>
    typeof value === "number" && value >= least && value <= most;

const topRules: Rules = {
  store: isText,
  sources: Array.isArray,
  hours: (value) => typeof value === "string" && parseHours(value) !== undefined,
  bytesPerSecond: number(1000),
  isPausedOnBattery: isFlag,
  isPausedOnMetered: isFlag,
  quietSeconds: number(0.1),
  lookSeconds: number(0.1),
  stalledMinutes: number(0.1, YEAR_MINUTES),
  remindAfterDays: number(0),
};

const sourceRules: Rules = {
  name: isName,
  path: isText,
  format: isText,
  me: isText,
  backupPasswordFile: isText,
};

/** Looks through a configuration, key by key. */
export function checkConfig(json: unknown): CheckedConfig {
  if (!isRecord(json)) return { config: undefined, findings: [wrong("the file")] };
  const findings = findingsOf(json, topRules, "");
  const sources = Array.isArray(json["sources"]) ? (json["sources"] as unknown[]) : [];
  const names = new Set<unknown>();
  for (const [i, source] of sources.entries()) {
    const where = `sources[${i}]`;
    if (!isRecord(source)) {
      findings.push(wrong(where));
      continue;
    }
    findings.push(...findingsOf(source, sourceRules, `${where}.`));
    for (const key of ["name", "path"])
      if (source[key] === undefined) findings.push(wrong(`${where}.${key}`));
    if (names.has(source["name"])) findings.push(wrong(`${where}.name`));
    names.add(source["name"]);
  }
  const isWrong = findings.some(({ severity }) => severity === "error");
  return { config: isWrong ? undefined : configOf(json as ConfigJson), findings };
}

function configOf({ hours: text, ...rest }: ConfigJson): AgentConfig {
  const hours = text === undefined ? undefined : parseHours(text);
  return { ...defaults, ...rest, ...(hours !== undefined && { hours }) };
}

function findingsOf(record: Readonly<Record<string, unknown>>, rules: Rules, prefix: string): Finding[] {
  return Object.entries(record).flatMap(([key, value]): Finding[] => {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (rule === undefined)
      return [{ code: "agent.unknown-key", severity: "warning", where: `${prefix}${shown(key)}` }];
    return rule(value) ? [] : [wrong(`${prefix}${key}`)];
  });
}

function wrong(where: string): Finding {
  return { code: "agent.wrong-value", severity: "error", where };
}

/** A key that is none of ours may be anything, a path too. */
function shown(key: string): string {
  return /^\w{1,40}$/.test(key) ? key : "…";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The configuration as it lies there, to be changed and written again. Throws `agent.bad-config`. */
export async function readConfigJson(env: NodeJS.ProcessEnv): Promise<ConfigJson> {
  const file = await readIfThere(agentFile(env, "config.json"));
  if (file === undefined) return {};
  try {
    return JSON.parse(bytesToText(file)) as ConfigJson;
  } catch (cause) {
    throw new KeepsakeError("agent.bad-config", { cause, details: { where: "the file" } });
  }
}

/** The configuration and what is to be looked at in it. Throws `agent.bad-config`, naming the first wrong key. */
export async function readConfig(
  env: NodeJS.ProcessEnv,
): Promise<{ readonly config: AgentConfig; readonly findings: readonly Finding[] }> {
  const { config, findings } = checkConfig(await readConfigJson(env));
  if (config !== undefined) return { config, findings };
  const first = findings.find(({ severity }) => severity === "error");
  throw new KeepsakeError("agent.bad-config", { details: { where: first?.where ?? "" } });
}

/** Writes a configuration that is valid. Throws `agent.bad-config` for one that is not. */
export async function writeConfig(env: NodeJS.ProcessEnv, json: ConfigJson): Promise<void> {
  const { config, findings } = checkConfig(json);
  const first = findings.find(({ severity }) => severity === "error");
  if (config === undefined)
    throw new KeepsakeError("agent.bad-config", { details: { where: first?.where ?? "" } });
  await writePrivate(agentFile(env, "config.json"), `${JSON.stringify(json, null, 2)}\n`);
}
