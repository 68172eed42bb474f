import { expect, test } from "vitest";
import { noteCommand } from "./notify.ts";

const text = '--help "; do shell script "rm -rf /" $(true)';

test("a note's words are arguments, whatever they are, and never code", () => {
  const [linux, linuxArgs] = noteCommand("linux", "Keepsake", text);
  expect([linux, linuxArgs.at(-1), linuxArgs.at(-3)]).toEqual(["notify-send", text, "--"]);
  const [mac, macArgs] = noteCommand("darwin", "Keepsake", text);
  expect([mac, ...macArgs.slice(-2)]).toEqual(["osascript", "Keepsake", text]);
  expect(macArgs.slice(0, -2).join(" ")).not.toContain("shell");
});
