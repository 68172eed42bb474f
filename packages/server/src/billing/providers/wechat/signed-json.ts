import {
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
  type KeyObject,
} from "node:crypto";
import type { Clock } from "@keepsake/core/base";
import { ask, jsonOf, type Answer } from "../wire/ask.ts";
import { nonce } from "../names.ts";
import { away, badSignature, refused } from "../problems.ts";
import type { WechatSettings } from "../schema.ts";

/*
 * WeChat Pay's API version 3: JSON, each request signed with the merchant's key, each answer and each call with WeChat
 * Pay's: SHA-256 with RSA over the time, a nonce and the body.
 */

const STALE_S = 5 * 60;
const MOST_BILL_BYTES = 100_000_000;

type Headed = (name: string) => string | null | undefined;

export class WechatV3 {
  readonly #settings: WechatSettings;
  readonly #clock: Clock;
  readonly #key: KeyObject;
  readonly #keys: ReadonlyMap<string, KeyObject>;
  readonly url: string;

  constructor(settings: WechatSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#key = createPrivateKey(settings.privateKey);
    this.#keys = new Map(settings.keys.map(({ id, publicKey }) => [id, createPublicKey(publicKey)]));
    this.url = settings.url ?? "https://api.mch.weixin.qq.com";
  }

  /** What it answers; undefined for what is not there. Throws `pay.refused` with its code. */
  async ask<T>(method: "GET" | "POST", path: string, value?: object): Promise<T | undefined> {
    const answer = await this.#send(method, path, value === undefined ? "" : JSON.stringify(value));
    const isGood = answer.status >= 200 && answer.status < 300;
    if (isGood) this.#check((name) => answer.headers.get(name), answer.bytes, away("signature"));
    if (answer.status === 204) return undefined;
    const json = jsonOf(answer.bytes);
    if (isGood) return json as T;
    const { code } = json as { readonly code?: string };
    if (answer.status === 404) return undefined;
    throw refused(code);
  }

  /** A file that an answer told of. It is not signed itself: what it has to hash to was told. */
  async download(url: string): Promise<Buffer> {
    const { origin, pathname, search } = new URL(url);
    if (origin !== new URL(this.url).origin) throw away("answer");
    const answer = await this.#send("GET", `${pathname}${search}`, "");
    if (answer.status !== 200) throw away("download", answer.status);
    return answer.bytes;
  }

  #send(method: "GET" | "POST", path: string, body: string): Promise<Answer> {
    const [seconds, once] = [Math.floor(this.#clock.now() / 1000), nonce()];
    const signature = this.sign([method, path, String(seconds), once, body]);
    const { mchid, serial } = this.#settings;
    return ask({
      method,
      url: `${this.url}${path}`,
      // Every one of its requests may be made twice: orders, refunds and notices have names.
      mayRepeat: true,
      ...(path.startsWith("/v3/billdownload/") ? { mostBytes: MOST_BILL_BYTES } : {}),
      headers: {
        accept: "application/json",
        "user-agent": "Keepsake",
        authorization: `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="${once}",timestamp="${seconds}",serial_no="${serial}",signature="${signature}"`,
        ...(body === "" ? {} : { "content-type": "application/json" }),
      },
      ...(body === "" ? {} : { body }),
    });
  }

  /** The merchant's signature over lines. */
  sign(lines: readonly string[]): string {
    return sign("sha256", Buffer.from(lines.map((line) => `${line}\n`).join("")), this.#key).toString(
      "base64",
    );
  }

  /** What a call of WeChat Pay's says. Throws `pay.bad-signature`. */
  open(headers: Readonly<Record<string, string | undefined>>, body: Uint8Array): WechatCall {
    this.#check((name) => headers[name], body, badSignature("signature"));
    const call = shapeOf(body);
    const { ciphertext, nonce: iv, associated_data: data, algorithm } = call.resource;
    if (algorithm !== "AEAD_AES_256_GCM") throw badSignature("algorithm");
    try {
      const sealed = Buffer.from(ciphertext, "base64");
      const cipher = createDecipheriv("aes-256-gcm", this.#settings.apiV3Key, iv, { authTagLength: 16 });
      cipher.setAuthTag(sealed.subarray(-16)).setAAD(Buffer.from(data ?? ""));
      const opened = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
      return { id: call.id, resource: JSON.parse(opened.toString("utf8")) as WechatCall["resource"] };
    } catch {
      throw badSignature("sealed");
    }
  }

  #check(header: Headed, body: Uint8Array, bad: Error): void {
    const key = this.#keys.get(header("wechatpay-serial") ?? "");
    const seconds = header("wechatpay-timestamp") ?? "";
    const lines = [Buffer.from(`${seconds}\n${header("wechatpay-nonce") ?? ""}\n`), body, Buffer.from("\n")];
    const signature = Buffer.from(header("wechatpay-signature") ?? "", "base64");
    if (key === undefined || !/^\d{1,12}$/.test(seconds)) throw bad;
    if (Math.abs(this.#clock.now() / 1000 - Number(seconds)) > STALE_S) throw bad;
    if (!verify("sha256", Buffer.concat(lines), key, signature)) throw bad;
  }
}

/** What a call tells: its id, and the order or refund that it is about. */
export interface WechatCall {
  readonly id: string;
  readonly resource: { readonly mchid?: string; readonly out_trade_no?: string };
}

interface Sealed {
  readonly id: string;
  readonly resource: {
    readonly algorithm: string;
    readonly ciphertext: string;
    readonly nonce: string;
    readonly associated_data?: string;
  };
}

function shapeOf(body: Uint8Array): Sealed {
  try {
    const call = JSON.parse(Buffer.from(body).toString("utf8")) as Sealed;
    if (typeof call.id === "string" && typeof call.resource.ciphertext === "string") return call;
  } catch {
    // The parser's message would show a piece of it.
  }
  throw badSignature("shape");
}
