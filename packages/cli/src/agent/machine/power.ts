import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ask, askPowerShell } from "./ask.ts";

/** Where the power and the network come from; undefined where this machine does not say. */
export interface Power {
  readonly isOnBattery: boolean | undefined;
  readonly isOnMetered: boolean | undefined;
}

/** One source of power as Linux lists it. */
export interface Supply {
  readonly type: string;
  readonly online?: string | undefined;
  readonly status?: string | undefined;
  /** `Device` for the battery of a mouse. */
  readonly scope?: string | undefined;
}

/** What of the machine the agent has to know. */
export interface PowerWanted {
  readonly battery: boolean;
  readonly metered: boolean;
}

/** Asks the system. */
export async function readPower(platform: NodeJS.Platform, wanted: PowerWanted): Promise<Power> {
  const [isOnBattery, isOnMetered] = await Promise.all([
    wanted.battery ? readBattery(platform) : undefined,
    wanted.metered ? readMetered(platform) : undefined,
  ]);
  return { isOnBattery, isOnMetered };
}

async function readBattery(platform: NodeJS.Platform): Promise<boolean | undefined> {
  if (platform === "linux") return linuxBattery(await readSupplies("/sys/class/power_supply"));
  if (platform === "darwin") return macBattery(await ask("pmset", ["-g", "batt"]));
  if (platform !== "win32") return undefined;
  return windowsBattery(await askPowerShell("(Get-CimInstance Win32_Battery).BatteryStatus"));
}

const CONNECTION_COST = [
  "[void][Windows.Networking.Connectivity.NetworkInformation,Windows,ContentType=WindowsRuntime];",
  "[Windows.Networking.Connectivity.NetworkInformation]::GetInternetConnectionProfile()",
  ".GetConnectionCost().NetworkCostType",
].join("");

async function readMetered(platform: NodeJS.Platform): Promise<boolean | undefined> {
  if (platform === "win32") return windowsMetered(await askPowerShell(CONNECTION_COST));
  if (platform !== "linux") return undefined;
  return linuxMetered(
    await ask("nmcli", ["-t", "-f", "GENERAL.DEVICE,GENERAL.STATE,GENERAL.METERED", "device", "show"]),
  );
}

async function readSupplies(folder: string): Promise<Supply[] | undefined> {
  const names = await readdir(folder).catch(() => undefined);
  const read = (name: string, file: string): Promise<string | undefined> =>
    readFile(join(folder, name, file), "utf8").then(
      (text) => text.trim(),
      () => undefined,
    );
  return (
    names &&
    Promise.all(
      names.map(async (name) => ({
        type: (await read(name, "type")) ?? "",
        online: await read(name, "online"),
        status: await read(name, "status"),
        scope: await read(name, "scope"),
      })),
    )
  );
}

/** From what Linux lists: a plug that gives power says no; without one, a battery that is not charging says yes. */
export function linuxBattery(supplies: readonly Supply[] | undefined): boolean | undefined {
  if (supplies === undefined) return undefined;
  const plugs = supplies.filter(({ type }) => type !== "Battery" && type !== "");
  if (plugs.some(({ online }) => online === "1")) return false;
  const batteries = supplies.filter(({ type, scope }) => type === "Battery" && scope !== "Device");
  if (batteries.length === 0) return false;
  if (batteries.some(({ status }) => status === "Discharging")) return true;
  if (batteries.some(({ status }) => status === "Charging" || status === "Full" || status === "Not charging"))
    return false;
  return plugs.some(({ online }) => online === "0") ? true : undefined;
}

/** From `pmset -g batt`. */
export function macBattery(text: string | undefined): boolean | undefined {
  const from = /drawing from '([^']+)'/.exec(text ?? "")?.[1];
  return from === undefined ? undefined : from !== "AC Power";
}

/** From the state of each battery as Windows numbers it: 1, 4 and 5 are drawn from. No battery says nothing. */
export function windowsBattery(text: string | undefined): boolean | undefined {
  const states = text?.match(/\d+/g) ?? [];
  if (text === undefined) return undefined;
  return states.some((state) => state === "1" || state === "4" || state === "5");
}

/** From NetworkManager: each connected device, and whether it is metered, maybe as a guess. */
export function linuxMetered(text: string | undefined): boolean | undefined {
  const devices = (text ?? "").split(/\n\s*\n/).map((block) => ({
    isConnected: /^GENERAL\.STATE:100\b/m.test(block) && !/^GENERAL\.DEVICE:lo$/m.test(block),
    metered: /^GENERAL\.METERED:(yes|no)\b/m.exec(block)?.[1],
  }));
  const said = devices.filter(({ isConnected }) => isConnected).map(({ metered }) => metered);
  if (said.includes("yes")) return true;
  return said.includes("no") ? false : undefined;
}

/** From the cost of the connection as Windows names it. */
export function windowsMetered(text: string | undefined): boolean | undefined {
  const cost = text?.trim();
  if (cost === "Unrestricted") return false;
  return cost === "Fixed" || cost === "Variable" ? true : undefined;
}
