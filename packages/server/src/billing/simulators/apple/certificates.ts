import { randomBytes, sign, type KeyObject } from "node:crypto";
import { newEcKey, type SimKey } from "../keys.ts";

/* A chain of certificates as Apple's is: a root, an intermediate with Apple's mark, a leaf with the App Store's. */

const DAY_MS = 24 * 60 * 60_000;
const ecdsaWithSha256 = der(0x30, oid("1.2.840.10045.4.3.2"));

/** A chain, leaf first, as Apple puts it in front of what it signs; and the root as settings have it. */
export interface Chain {
  readonly x5c: readonly string[];
  readonly rootPem: string;
  readonly leaf: SimKey;
}

/** What a chain is made of, where it is not as it should be. */
export interface ChainFaults {
  readonly leafMark?: boolean;
  readonly intermediateMark?: boolean;
  readonly leafUntilMs?: number;
}

export async function newChain(nowMs: number, faults: ChainFaults = {}): Promise<Chain> {
  const [rootKey, middleKey, leafKey] = await Promise.all([newEcKey(), newEcKey(), newEcKey()]);
  const fromMs = nowMs - 30 * DAY_MS;
  const untilMs = nowMs + 20 * 365 * DAY_MS;
  const names = ["Test Root CA (no money moves)", "Test Intermediate", "Test Leaf"] as const;
  const mark = (id: string, isThere = true): readonly Buffer[] => (isThere ? [extension(id, der(0x05))] : []);
  const own = { fromMs, untilMs };
  const root = certificate({
    ...own,
    names: [names[0], names[0]],
    key: rootKey,
    by: rootKey,
    isCa: true,
    extra: [],
  });
  const middle = certificate({
    ...own,
    names: [names[1], names[0]],
    key: middleKey,
    by: rootKey,
    isCa: true,
    extra: mark("1.2.840.113635.100.6.2.1", faults.intermediateMark),
  });
  const leaf = certificate({
    fromMs,
    untilMs: faults.leafUntilMs ?? untilMs,
    names: [names[2], names[1]],
    key: leafKey,
    by: middleKey,
    isCa: false,
    extra: mark("1.2.840.113635.100.6.11.1", faults.leafMark),
  });
  const x5c = [leaf, middle, root].map((each) => each.toString("base64"));
  const lines = x5c[2]!.match(/.{1,64}/g)!.join("\n");
  return {
    x5c,
    rootPem: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    leaf: leafKey,
  };
}

function certificate(wanted: {
  readonly names: readonly [subject: string, issuer: string];
  readonly key: SimKey;
  readonly by: SimKey;
  readonly isCa: boolean;
  readonly extra: readonly Buffer[];
  readonly fromMs: number;
  readonly untilMs: number;
}): Buffer {
  const { names, key, by, isCa, extra, fromMs, untilMs } = wanted;
  const serial = Buffer.concat([Buffer.of(1), randomBytes(8)]);
  const basic = extension("2.5.29.19", der(0x30, ...(isCa ? [der(0x01, Buffer.of(0xff))] : [])), true);
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, serial),
    ecdsaWithSha256,
    name(names[1]),
    der(0x30, time(fromMs), time(untilMs)),
    name(names[0]),
    spki(key.publicKey),
    der(0xa3, der(0x30, basic, ...extra)),
  );
  const signature = sign("sha256", body, by.privateKey);
  return der(0x30, body, ecdsaWithSha256, der(0x03, Buffer.of(0), signature));
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" });
}

function name(text: string): Buffer {
  return der(0x30, der(0x31, der(0x30, oid("2.5.4.3"), der(0x0c, Buffer.from(text)))));
}

/** In the years until 2049 two digits say the year; later ones have four. */
function time(ms: number): Buffer {
  const digits = `${new Date(ms).toISOString().slice(0, 19).replace(/\D/g, "")}Z`;
  return Number(digits.slice(0, 4)) < 2050
    ? der(0x17, Buffer.from(digits.slice(2)))
    : der(0x18, Buffer.from(digits));
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [der(0x01, Buffer.of(0xff))] : [];
  return der(0x30, oid(id), ...critical, der(0x04, value));
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const bytes = rest.flatMap((part) => {
    const digits = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return der(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}
