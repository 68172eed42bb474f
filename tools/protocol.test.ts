import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { protocolTexts } from "./protocol.ts";

test("the client's side of the protocol is that of the server's routes", async () => {
  for (const [path, text] of await protocolTexts()) expect(await readFile(path, "utf8")).toBe(text);
});
