import { ask, askPowerShell } from "./ask.ts";

const TOAST = [
  "$null=[Windows.UI.Notifications.ToastNotificationManager,Windows.UI.Notifications,ContentType=WindowsRuntime];",
  "$x=[Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent(",
  "[Windows.UI.Notifications.ToastTemplateType]::ToastText02);",
  "$t=$x.GetElementsByTagName('text');",
  "$null=$t.Item(0).AppendChild($x.CreateTextNode($env:KEEPSAKE_NOTE_TITLE));",
  "$null=$t.Item(1).AppendChild($x.CreateTextNode($env:KEEPSAKE_NOTE_TEXT));",
  "[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier('Keepsake')",
  ".Show([Windows.UI.Notifications.ToastNotification]::new($x))",
].join("");

/** Shows a note on the person's screen, where the system has a way; nothing happens where it has none. */
export async function notify(platform: NodeJS.Platform, title: string, text: string): Promise<void> {
  if (platform === "win32") {
    await askPowerShell(TOAST, { KEEPSAKE_NOTE_TITLE: title, KEEPSAKE_NOTE_TEXT: text });
    return;
  }
  const [command, args] = noteCommand(platform, title, text);
  await ask(command, args);
}

/** The tool that shows a note, and its words; texts are arguments of their own and never code. */
export function noteCommand(
  platform: NodeJS.Platform,
  title: string,
  text: string,
): readonly [command: string, args: readonly string[]] {
  if (platform !== "darwin")
    return ["notify-send", ["--app-name=Keepsake", "--urgency=low", "--", title, text]];
  const script = [
    "on run argv",
    "display notification (item 2 of argv) with title (item 1 of argv)",
    "end run",
  ];
  return ["osascript", [...script.flatMap((line) => ["-e", line]), title, text]];
}
