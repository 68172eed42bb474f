import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serverStore } from "../../packages/core/src/client/index.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { hasScaledParts, startScaledParts, type ScaledParts } from "./scaled.ts";
import { startTestServer } from "./serving.ts";

/* In front of a bucket what passes through a process is whole in its memory, and one member has a quarter of the places. */

const STARTING_MS = 120_000;

describe.skipIf(!hasScaledParts())("in front of a bucket", () => {
  let parts: ScaledParts;
  beforeAll(async () => void (parts = await startScaledParts()), STARTING_MS);
  afterAll(() => parts[Symbol.asyncDispose]());

  test(
    "a member who fetches and does not read keeps no other from fetching",
    async () => {
      await using server = await startTestServer(await parts.fresh());
      const [slow, other] = [await server.newMember(), await server.newMember()];
      const bytes = someBytes(15_000_000);
      const vaults = [await slow.newVault(), await other.newVault()];
      for (const [i, { connection }] of [slow, other].entries())
        await serverStore({ connection, vault: vaults[i]! }).put("packs/a", bytes);
      const fetchOne = () =>
        slow.connection.send({ method: "GET", path: `/v1/vaults/${vaults[0]}/objects/packs/a` });
      const answers: Response[] = [];
      for (let i = 0; i < 8; i++) answers.push(await fetchOne());
      await expect(fetchOne()).rejects.toMatchObject({ code: "request.too-many", retry: "later" });
      const theirs = serverStore({ connection: other.connection, vault: vaults[1]! });
      expect((await theirs.get("packs/a"))!.length).toBe(bytes.length);
      for (const { body } of answers) await body!.cancel();
      await new Promise((done) => setTimeout(done, 500));
      expect((await (await fetchOne()).arrayBuffer()).byteLength).toBe(bytes.length);
    },
    STARTING_MS,
  );
});
