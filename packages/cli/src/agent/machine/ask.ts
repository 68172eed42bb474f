import { execFile } from "node:child_process";

const MOST_MS = 15_000;

/** Runs a tool of the system. Returns what it says; undefined where it is not there, fails or takes long. */
export function ask(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  return new Promise((done) => {
    execFile(
      command,
      args,
      { timeout: MOST_MS, env: { ...env, LC_ALL: "C" }, windowsHide: true, maxBuffer: 1_000_000 },
      (error, stdout) => done(error === null ? stdout : undefined),
    );
  });
}

/** Runs a script of PowerShell's, which gets texts by its environment and never in its code. */
export function askPowerShell(script: string, env: NodeJS.ProcessEnv = {}): Promise<string | undefined> {
  const args = ["-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-Command", script];
  return ask("powershell.exe", args, { ...process.env, ...env });
}
