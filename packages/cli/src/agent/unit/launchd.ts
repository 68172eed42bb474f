import { posix } from "node:path";
import type { Launch, Seat, Unit } from "./unit.ts";
import { xml } from "./xml.ts";

const LABEL = "org.keepsake.agent";

/** A property list for launchd, which starts the agent when the person logs in. */
export function launchdUnit({ words, env }: Launch, { home, uid }: Seat): Unit {
  const path = posix.join(home, "Library", "LaunchAgents", `${LABEL}.plist`);
  const variables = Object.entries(env).flatMap(([name, value]) => [
    `    <key>${xml(name)}</key>`,
    `    <string>${xml(value)}</string>`,
  ]);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    "<dict>",
    "  <key>Label</key>",
    `  <string>${LABEL}</string>`,
    "  <key>ProgramArguments</key>",
    "  <array>",
    ...words.map((word) => `    <string>${xml(word)}</string>`),
    "  </array>",
    "  <key>EnvironmentVariables</key>",
    "  <dict>",
    ...variables,
    "  </dict>",
    "  <key>RunAtLoad</key>",
    "  <true/>",
    "  <key>KeepAlive</key>",
    "  <dict>",
    "    <key>SuccessfulExit</key>",
    "    <false/>",
    "  </dict>",
    "  <key>ThrottleInterval</key>",
    "  <integer>60</integer>",
    "  <key>ExitTimeOut</key>",
    "  <integer>60</integer>",
    "  <key>ProcessType</key>",
    "  <string>Background</string>",
    "  <key>LowPriorityIO</key>",
    "  <true/>",
    "  <key>Nice</key>",
    "  <integer>10</integer>",
    "  <key>Umask</key>",
    "  <integer>63</integer>",
    "</dict>",
    "</plist>",
  ];
  return {
    files: [{ path, text: `${lines.join("\n")}\n`, encoding: "utf8" }],
    before: [["launchctl", "bootout", `gui/${uid}/${LABEL}`]],
    install: [["launchctl", "bootstrap", `gui/${uid}`, path]],
    uninstall: [["launchctl", "bootout", `gui/${uid}/${LABEL}`]],
  };
}
