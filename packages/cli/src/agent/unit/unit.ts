import { launchdUnit } from "./launchd.ts";
import { systemdUnit } from "./systemd.ts";
import { taskUnit } from "./task.ts";

/** What starts the agent: the program with its arguments, and what it has to find in its environment. */
export interface Launch {
  readonly words: readonly [program: string, ...args: string[]];
  readonly env: Readonly<Record<string, string>>;
}

/** The person's machine, as far as a unit depends on it. */
export interface Seat {
  readonly home: string;
  /** Of the person, as a number; launchd names its sessions so. */
  readonly uid: number;
  /** The folder of all that the agent keeps. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A tool of the system and its arguments. */
type Command = readonly [command: string, ...args: string[]];

export interface UnitFile {
  readonly path: string;
  readonly text: string;
  /** Windows reads tasks as UTF-16. */
  readonly encoding: "utf8" | "utf16le";
}

/** The agent as the system's own scheduler wants it. */
export interface Unit {
  readonly files: readonly UnitFile[];
  /** What clears the way; fails where there is nothing in it. */
  readonly before: readonly Command[];
  readonly install: readonly Command[];
  /** Fails where it was not installed. */
  readonly uninstall: readonly Command[];
}

/** The unit for a platform; undefined for one whose scheduler is not known. */
export function unitFor(platform: NodeJS.Platform, launch: Launch, seat: Seat): Unit | undefined {
  if (platform === "linux") return systemdUnit(launch, seat);
  if (platform === "darwin") return launchdUnit(launch, seat);
  return platform === "win32" ? taskUnit(launch, seat) : undefined;
}
