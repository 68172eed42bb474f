import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { protocolText, target } from "./protocol.ts";

test("the client's side of the protocol is that of the server's routes", async () => {
  expect(await readFile(target, "utf8")).toBe(await protocolText());
});
