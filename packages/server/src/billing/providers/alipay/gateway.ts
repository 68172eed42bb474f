import { createPrivateKey, createPublicKey, verify, type KeyObject } from "node:crypto";
import type { Clock } from "@keepsake/core/base";
import { ask, jsonOf } from "../wire/ask.ts";
import { beijingTime } from "../beijing.ts";
import { away, refused } from "../problems.ts";
import type { AlipaySettings } from "../schema.ts";
import { isCallSigned, signedPart, signFields, type Fields } from "./signing.ts";

/** What every answer says first. */
interface Said {
  readonly code: string;
  readonly sub_code?: string;
}

/** Alipay's gateway: one address, forms in, JSON out, both signed. */
export class AlipayGateway {
  readonly #settings: AlipaySettings;
  readonly #clock: Clock;
  readonly #key: KeyObject;
  readonly #alipayKey: KeyObject;
  readonly #url: string;

  constructor(settings: AlipaySettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#key = createPrivateKey(settings.privateKey);
    this.#alipayKey = createPublicKey(settings.alipayPublicKey);
    this.#url = settings.url ?? "https://openapi.alipay.com/gateway.do";
  }

  /**
   * What a method answers; undefined for a problem of which the code is one of `allowed`. Throws `pay.refused` with
   * Alipay's code.
   */
  async ask<T>(
    method: string,
    content: object,
    { allowed, notifyUrl }: { readonly allowed?: RegExp; readonly notifyUrl?: string } = {},
  ): Promise<T | undefined> {
    const fields = this.#fields(method, content, notifyUrl === undefined ? {} : { notify_url: notifyUrl });
    const answer = await ask({
      method: "POST",
      url: this.#url,
      mayRepeat: true,
      mostBytes: 10_000_000,
      headers: { "content-type": "application/x-www-form-urlencoded;charset=utf-8" },
      body: new URLSearchParams(fields).toString(),
    });
    const text = answer.bytes.toString("utf8");
    const said = this.#said(text, `${method.replaceAll(".", "_")}_response`);
    const code = said.sub_code ?? said.code;
    // 10003: taken, and not decided yet.
    if (said.code === "10000" || said.code === "10003") return said as T & Said;
    if (said.code === "20000" || /SYSTEM_ERROR|unknow-error/i.test(code)) throw away(code);
    if (allowed?.test(code) === true) return undefined;
    throw refused(code);
  }

  #said(text: string, name: string): Said {
    const whole = jsonOf(text) as Readonly<Record<string, unknown>>;
    const part = signedPart(text, name);
    const signature = Buffer.from(typeof whole["sign"] === "string" ? whole["sign"] : "", "base64");
    if (part !== undefined && verify("sha256", Buffer.from(part), this.#alipayKey, signature))
      return jsonOf(part) as Said;
    // What the gateway itself refuses, such as a bad signature of ours, is not signed.
    const problem = (whole["error_response"] ?? whole[name]) as Said | undefined;
    if (problem !== undefined && /^4\d{4}$/.test(problem.code)) return problem;
    throw away("signature");
  }

  /** The address of a page of Alipay's, for the person's browser. */
  page(
    method: string,
    content: object,
    own: { readonly notify_url: string; readonly return_url: string },
  ): string {
    return `${this.#url}?${new URLSearchParams(this.#fields(method, content, own)).toString()}`;
  }

  /** Whether a call is Alipay's, and to this app. */
  isOwn(fields: Fields): boolean {
    return isCallSigned(fields, this.#alipayKey);
  }

  #fields(method: string, content: object, own: Fields): Fields {
    const fields = {
      app_id: this.#settings.appId,
      method,
      format: "JSON",
      charset: "utf-8",
      sign_type: "RSA2",
      timestamp: beijingTime(this.#clock.now()),
      version: "1.0",
      biz_content: JSON.stringify(content),
      ...own,
    };
    return { ...fields, sign: signFields(fields, this.#key) };
  }
}
