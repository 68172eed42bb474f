import { win32 } from "node:path";
import type { Launch, Seat, Unit } from "./unit.ts";
import { xml } from "./xml.ts";

const NAME = "Keepsake agent";

/** A task for the Task Scheduler, which starts the agent when the person logs in. */
export function taskUnit({ words: [node, ...args], env }: Launch, { folder, env: own }: Seat): Unit {
  const [path, envPath] = [win32.join(folder, "task.xml"), win32.join(folder, "task.env")];
  // A task has no environment of its own: Node reads it from a file. Without a console of its own, no window opens.
  const settings = Object.entries(env).map(([name, value]) => `${name}='${value}'\r\n`);
  const command = [node, `--env-file=${envPath}`, ...args].map((word) => `"${word}"`).join(" ");
  const user = [own["USERDOMAIN"], own["USERNAME"]].filter((part) => part !== undefined).join("\\");
  const lines = [
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<Task version="1.4" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    "  <RegistrationInfo>",
    "    <Description>Keepsake 念存</Description>",
    "  </RegistrationInfo>",
    "  <Triggers>",
    "    <LogonTrigger>",
    `      <UserId>${xml(user)}</UserId>`,
    "    </LogonTrigger>",
    "  </Triggers>",
    "  <Principals>",
    '    <Principal id="Author">',
    `      <UserId>${xml(user)}</UserId>`,
    "      <LogonType>InteractiveToken</LogonType>",
    "      <RunLevel>LeastPrivilege</RunLevel>",
    "    </Principal>",
    "  </Principals>",
    "  <Settings>",
    "    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>",
    // The agent itself looks at the battery, as the person configured it.
    "    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>",
    "    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>",
    "    <StartWhenAvailable>true</StartWhenAvailable>",
    "    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>",
    "    <Priority>7</Priority>",
    "    <RestartOnFailure>",
    "      <Interval>PT1M</Interval>",
    "      <Count>999</Count>",
    "    </RestartOnFailure>",
    "  </Settings>",
    '  <Actions Context="Author">',
    "    <Exec>",
    "      <Command>conhost.exe</Command>",
    `      <Arguments>${xml(`--headless ${command}`)}</Arguments>`,
    "    </Exec>",
    "  </Actions>",
    "</Task>",
  ];
  return {
    files: [
      { path, text: `\ufeff${lines.join("\r\n")}\r\n`, encoding: "utf16le" },
      { path: envPath, text: settings.join(""), encoding: "utf8" },
    ],
    before: [],
    install: [
      ["schtasks.exe", "/Create", "/F", "/TN", NAME, "/XML", path],
      ["schtasks.exe", "/Run", "/TN", NAME],
    ],
    uninstall: [
      ["schtasks.exe", "/End", "/TN", NAME],
      ["schtasks.exe", "/Delete", "/F", "/TN", NAME],
    ],
  };
}
