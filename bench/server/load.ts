import { createPrivateKey, hash, randomBytes, sign, type KeyObject } from "node:crypto";
import { Agent, request } from "node:http";
import { scheduler } from "node:timers/promises";
import { OBJECT_DIGEST, requestText } from "../../packages/core/src/protocol/index.ts";
import type { Bytes } from "../../packages/core/src/base/index.ts";

/*
 * Many devices at once: each has a connection that it keeps and one request under way at a time, signed as ours are.
 * What it costs to send is kept small, because it is paid on the same cores as the server.
 */

/** A device that is logged in, with a vault. */
export interface Device {
  readonly token: string;
  readonly deviceSeed: Bytes;
  readonly vault: string;
  head: number;
}

/** A request of a device; bytes are an object's. */
export interface Ask {
  readonly method: string;
  readonly path: string;
  readonly bytes?: Bytes;
}

/** What a load came to; times in ms. */
export interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

export class Devices {
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, noDelay: true });
  readonly #keys = new Map<Device, KeyObject>();

  constructor(url: string) {
    this.#port = Number(new URL(url).port);
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Every device asks again as soon as it was answered. */
  async asFastAsTheyCan(
    all: readonly Device[],
    seconds: number,
    ask: (device: Device) => Ask,
  ): Promise<Load> {
    return measured(async (note) => {
      const endMs = performance.now() + seconds * 1000;
      await Promise.all(
        all.map(async (device) => {
          while (performance.now() < endMs) {
            const dueMs = performance.now();
            note(dueMs, await this.#send(device, ask(device)));
          }
        }),
      );
    });
  }

  /**
   * So many requests a second, spread over the devices. A request is due when it is due: one that has to wait for the
   * one before counts from then on.
   */
  async paced(
    all: readonly Device[],
    { seconds, perSecond }: { seconds: number; perSecond: number },
    ask: (device: Device) => Ask,
  ): Promise<Load> {
    const everyMs = (all.length * 1000) / perSecond;
    return measured(async (note) => {
      const beganMs = performance.now();
      await Promise.all(
        all.map(async (device, i) => {
          for (let n = 0; ; n++) {
            const afterMs = everyMs * (n + i / all.length);
            if (afterMs >= seconds * 1000) return;
            await scheduler.wait(Math.max(0, beganMs + afterMs - performance.now()));
            note(beganMs + afterMs, await this.#send(device, ask(device)));
          }
        }),
      );
    });
  }

  /** True for a good answer. */
  #send(device: Device, { method, path, bytes }: Ask): Promise<boolean> {
    const nonce = randomBytes(18).toString("base64url");
    const { token } = device;
    const timeMs = Date.now();
    const bodyDigest = bytes === undefined ? "" : hash("sha256", bytes, "hex");
    const text = requestText({ method, path, timeMs, nonce, token, bodyDigest });
    const signature = sign(null, Buffer.from(text), this.#keyOf(device)).toString("base64url");
    const headers = {
      authorization: `Keepsake ${token}`,
      "keepsake-proof": `${timeMs}.${nonce}.${signature}`,
      ...(bytes === undefined
        ? {}
        : {
            "content-type": "application/octet-stream",
            "content-length": bytes.length,
            [OBJECT_DIGEST]: bodyDigest,
          }),
    };
    return new Promise((resolve) => {
      const to = { host: "127.0.0.1", port: this.#port, agent: this.#agent, method, path, headers };
      const sent = request(to, (answer) => {
        answer.resume().once("end", () => resolve(answer.statusCode === 200));
      });
      sent.once("error", () => resolve(false)).end(bytes);
    });
  }

  #keyOf(device: Device): KeyObject {
    const known = this.#keys.get(device);
    if (known !== undefined) return known;
    const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), device.deviceSeed]);
    const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    this.#keys.set(device, key);
    return key;
  }
}

async function measured(
  run: (note: (dueMs: number, isGood: boolean) => void) => Promise<void>,
): Promise<Load> {
  const times: number[] = [];
  let failed = 0;
  const beganMs = performance.now();
  await run((dueMs, isGood) => {
    times.push(performance.now() - dueMs);
    if (!isGood) failed++;
  });
  const tookMs = performance.now() - beganMs;
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
  return { perSecond: (times.length * 1000) / tookMs, p50: at(0.5), p99: at(0.99), failed };
}
