import { posix } from "node:path";
import type { Launch, Seat, Unit } from "./unit.ts";

const NAME = "keepsake-agent.service";

/** A systemd user unit. */
export function systemdUnit({ words, env }: Launch, { home, env: own }: Seat): Unit {
  const folder = own["XDG_CONFIG_HOME"];
  const config = folder === undefined || folder === "" ? posix.join(home, ".config") : folder;
  const lines = [
    "[Unit]",
    "Description=Keepsake 念存",
    "",
    "[Service]",
    "Type=exec",
    `ExecStart=${words.map((word) => quoted(word.replaceAll("$", "$$$$"))).join(" ")}`,
    ...Object.entries(env).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`),
    "Restart=on-failure",
    "RestartSec=60",
    // A wrong configuration does not become right by starting again.
    "RestartPreventExitStatus=2",
    "TimeoutStopSec=60",
    "Nice=10",
    "IOSchedulingClass=idle",
    "UMask=0077",
    "NoNewPrivileges=yes",
    "",
    "[Install]",
    "WantedBy=default.target",
  ];
  return {
    files: [
      {
        path: posix.join(config, "systemd", "user", NAME),
        text: `${lines.join("\n")}\n`,
        encoding: "utf8",
      },
    ],
    before: [],
    install: [
      ["systemctl", "--user", "daemon-reload"],
      ["systemctl", "--user", "enable", NAME],
      ["systemctl", "--user", "restart", NAME],
    ],
    uninstall: [["systemctl", "--user", "disable", "--now", NAME]],
  };
}

/** A word as systemd reads it: `%` begins a specifier there. */
function quoted(word: string): string {
  const plain = word.replaceAll("%", "%%");
  if (/^[\w./:@+=%-]+$/.test(plain)) return plain;
  return `"${plain.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
