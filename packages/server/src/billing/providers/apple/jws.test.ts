import { describe, expect, test } from "vitest";
import { bought, DAY_MS, moved, setClock, stands, startBench } from "../../../../testing/pay/bench.ts";
import { newChain, type Chain, type ChainFaults } from "../../simulators/apple/certificates.ts";
import { startApple } from "../../simulators/apple/simulator.ts";
import { signJwt } from "../wire/jwt.ts";
import { openJws } from "./jws.ts";
import { X509Certificate } from "node:crypto";

const { nowMs } = setClock();
const signed = ({ x5c, leaf }: Chain, header: object = {}): string =>
  signJwt(
    "ES256",
    { header: { x5c, ...header }, payload: { said: "yes", signedDate: nowMs } },
    leaf.privateKey,
  );
const opened = (text: string, { rootPem }: Chain): object =>
  openJws(text, { roots: [new X509Certificate(rootPem)], atMs: () => nowMs });

describe("what Apple signs", () => {
  test("is taken with its chain, and every way it is not Apple's is refused", async () => {
    const chain = await newChain(nowMs);
    const text = signed(chain);
    expect(opened(text, chain)).toMatchObject({ said: "yes" });
    const other = await newChain(nowMs);
    const [leaf, middle, root] = chain.x5c;
    const bad: readonly string[] = [
      "",
      "a.b.c",
      text.slice(0, -4),
      signed(other),
      signed(chain, { x5c: [leaf, middle] }),
      signed(chain, { x5c: [leaf, middle, root, root] }),
      signed(chain, { x5c: [leaf, middle, other.x5c[2]] }),
      signed(chain, { x5c: [other.x5c[0], middle, root] }),
      signed(chain, { x5c: [middle, middle, root] }),
      signed(chain, { x5c: "nothing" }),
      signed(chain, { x5c: ["AAAA", middle, root] }),
      text.replace(
        /^[^.]+/,
        Buffer.from(JSON.stringify({ alg: "none", x5c: chain.x5c })).toString("base64url"),
      ),
      text.replace(
        /^[^.]+/,
        Buffer.from(JSON.stringify({ alg: "HS256", x5c: chain.x5c })).toString("base64url"),
      ),
    ];
    for (const each of bad) expect(() => opened(each, chain)).toThrow();
  });

  const faults: Readonly<Record<string, ChainFaults>> = {
    "without the App Store's mark": { leafMark: false },
    "of an intermediate without Apple's mark": { intermediateMark: false },
    "of a leaf that is over": { leafUntilMs: nowMs - 1000 },
  };
  test.each(Object.entries(faults))("is refused %s", async (_, fault) => {
    const chain = await newChain(nowMs, fault);
    expect(() => opened(signed(chain), chain)).toThrow();
  });
});

describe("a subscription of the App Store", () => {
  test("of another app, another environment or another account is refused", async () => {
    await using bench = await startBench(startApple);
    const { provider, simulator } = bench;
    const known = await bought(bench, { renews: true });
    const { bundleId } = simulator.settings.apple!;
    const transaction = {
      transactionId: "1",
      originalTransactionId: "1",
      bundleId,
      environment: "Sandbox",
      appAccountToken: "c0ffee00-0000-4000-8000-000000000000",
      signedDate: bench.clock.now(),
    };
    await expect(provider.claim!(simulator.signed(transaction))).resolves.toMatchObject({ reference: "1" });
    for (const wrong of [
      { bundleId: "example.other" },
      { environment: "Production" },
      { environment: "Xcode" },
      { environment: "LocalTesting" },
      { appAccountToken: undefined },
    ])
      await expect(provider.claim!(simulator.signed({ ...transaction, ...wrong }))).rejects.toMatchObject({
        code: "pay.bad-signature",
      });
    const other = await bought(bench, { renews: true });
    await expect(provider.look({ ...known, reference: other.reference })).rejects.toMatchObject({
      details: { why: "foreign" },
    });
  });

  test("ends in the settings of the phone, is given back by Apple, and is tried again", async () => {
    await using bench = await startBench(startApple);
    const { provider, simulator } = bench;
    const [ending, back, failing] = [
      await bought(bench, { renews: true }),
      await bought(bench, { renews: true }),
      await bought(bench, { renews: true }),
    ];
    simulator.endRenewal(ending.reference);
    expect(stands(await provider.look(ending))).toMatchObject({ renews: false });
    simulator.refund(back.reference);
    expect(moved(await provider.look(back))).toMatchObject([
      { kind: "paid", amountMinor: 1234 },
      { kind: "refunded", amountMinor: 1234, isRevoked: true },
    ]);
    simulator.declines = true;
    await simulator.pass(32 * DAY_MS);
    expect(stands(await provider.look(ending))).toMatchObject({
      endedMs: Date.parse("2027-04-01T02:00:00Z"),
    });
    expect(stands(await provider.look(failing))).toMatchObject({
      renews: true,
      retriesUntilMs: Date.parse("2027-04-01T02:00:00Z") + 60 * DAY_MS,
    });
    expect(bench.ear.refusals).toEqual([]);
  });
});
