import { expect, test } from "vitest";
import { linuxBattery, linuxMetered, macBattery, windowsBattery, windowsMetered } from "./power.ts";

test("a laptop on Linux says whether its plug gives power", () => {
  const battery = { type: "Battery", status: "Discharging", scope: "System" };
  expect(linuxBattery([{ type: "Mains", online: "0" }, battery])).toBe(true);
  expect(linuxBattery([{ type: "Mains", online: "1" }, battery])).toBe(false);
  expect(linuxBattery([{ type: "Mains", online: "0" }, { type: "USB", online: "1" }, battery])).toBe(false);
  expect(linuxBattery([battery])).toBe(true);
  expect(linuxBattery([{ type: "Battery", status: "Not charging" }])).toBe(false);
  expect(linuxBattery([{ type: "Battery", status: "Unknown" }])).toBeUndefined();
});

test("a desktop with a battery in its mouse does not run on it, and what is not listed is not known", () => {
  expect(linuxBattery([{ type: "Battery", status: "Discharging", scope: "Device" }])).toBe(false);
  expect(linuxBattery([])).toBe(false);
  expect(linuxBattery(undefined)).toBeUndefined();
});

test("a Mac says what it draws from", () => {
  const text = (from: string): string =>
    `Now drawing from '${from}'\n -InternalBattery-0 (id=4653155)\t87%; discharging; 5:02 remaining present: true\n`;
  expect(macBattery(text("Battery Power"))).toBe(true);
  expect(macBattery(text("AC Power"))).toBe(false);
  expect(macBattery(text("UPS Power"))).toBe(true);
  expect(macBattery(undefined)).toBeUndefined();
  expect(macBattery("")).toBeUndefined();
});

test("Windows numbers the states of batteries", () => {
  expect(["1\r\n", "4\r\n", "2\r\n5\r\n", "2\r\n", "6\r\n", "11\r\n", ""].map(windowsBattery)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(windowsBattery(undefined)).toBeUndefined();
});

test("NetworkManager knows what a connection costs, or guesses it", () => {
  const device = (name: string, state: string, metered: string): string =>
    `GENERAL.DEVICE:${name}\nGENERAL.STATE:${state}\nGENERAL.METERED:${metered}\n`;
  const connected = "100 (connected)";
  const lo = device("lo", "100 (connected (externally))", "no");
  expect(linuxMetered([device("wlan0", connected, "yes (guessed)"), lo].join("\n"))).toBe(true);
  expect(linuxMetered([device("wlan0", connected, "no (guessed)"), lo].join("\n"))).toBe(false);
  expect(
    linuxMetered([device("wwan0", "30 (disconnected)", "yes"), device("eth0", connected, "no")].join("\n")),
  ).toBe(false);
  expect(linuxMetered([device("eth0", connected, "unknown"), lo].join("\n"))).toBeUndefined();
  expect(linuxMetered(undefined)).toBeUndefined();
});

test("Windows names the cost of a connection", () => {
  expect(["Unrestricted\r\n", "Fixed\r\n", "Variable\r\n", "Unknown\r\n", ""].map(windowsMetered)).toEqual([
    false,
    true,
    true,
    undefined,
    undefined,
  ]);
  expect(windowsMetered(undefined)).toBeUndefined();
});
