import { readdir, stat } from "node:fs/promises";
import { posix, win32 } from "node:path";

/** A folder in which an app leaves its backups, on every machine of a kind. A part `*` stands for any one folder. */
export interface KnownPlace {
  /** What the source is called if the person takes it. */
  readonly name: string;
  readonly format: string;
  readonly parts: readonly string[];
}

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A known place that is on this machine. */
export interface FoundPlace {
  readonly name: string;
  readonly format: string;
  readonly path: string;
}

/** Where Apple's and WeChat's own backups lie on a machine of this kind. Nothing is looked at. */
export function knownPlaces({ platform, home, env }: Machine): KnownPlace[] {
  if (platform === "darwin") return macPlaces(home);
  return platform === "win32" ? windowsPlaces(home, env) : [];
}

function macPlaces(home: string): KnownPlace[] {
  const data = [home, "Library", "Containers", "com.tencent.xinWeChat", "Data"];
  return [
    apple(home, "Library", "Application Support", "MobileSync", "Backup"),
    weChat(...data, "Documents", "xwechat_files", "Backup"),
    weChat(...data, "Library", "Application Support", "com.tencent.xinWeChat", "*", "Backup"),
  ];
}

function windowsPlaces(home: string, env: NodeJS.ProcessEnv): KnownPlace[] {
  const roaming = env["APPDATA"] ?? win32.join(home, "AppData", "Roaming");
  const oneDrive = env["OneDrive"];
  const folders = [home, ...(oneDrive === undefined || oneDrive === "" ? [] : [oneDrive])];
  return [
    apple(roaming, "Apple Computer", "MobileSync", "Backup"),
    apple(home, "Apple", "MobileSync", "Backup"),
    ...folders.flatMap((folder) => [
      weChat(folder, "Documents", "xwechat_files", "Backup"),
      weChat(folder, "Documents", "WeChat Files", "*", "BackupFiles"),
    ]),
  ];
}

function apple(...parts: string[]): KnownPlace {
  return { name: "iPhone", format: "wechat-ios", parts };
}

function weChat(...parts: string[]): KnownPlace {
  return { name: "WeChat", format: "wechat-official", parts };
}

/** The known places that are there. Where one name would stand for several, they are numbered. */
export async function existingPlaces(machine: Machine): Promise<FoundPlace[]> {
  const found: FoundPlace[] = [];
  for (const { name, format, parts } of knownPlaces(machine)) {
    for (const path of await expand(machine.platform, parts)) {
      const same = found.filter((each) => each.format === format).length;
      found.push({ name: same === 0 ? name : `${name} ${same + 1}`, format, path });
    }
  }
  return found;
}

async function expand(platform: NodeJS.Platform, parts: readonly string[]): Promise<string[]> {
  const slash = platform === "win32" ? win32.sep : posix.sep;
  let paths = [""];
  for (const part of parts) {
    const next: string[] = [];
    for (const path of paths) {
      const names = part === "*" ? await readdir(path).catch(() => []) : [part];
      for (const name of names.sort()) next.push(path === "" ? name : path + slash + name);
    }
    paths = next;
  }
  const checked = await Promise.all(paths.map(isFolder));
  return paths.filter((_, i) => checked[i]);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
