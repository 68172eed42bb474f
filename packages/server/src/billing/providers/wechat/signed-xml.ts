import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { ask } from "../wire/ask.ts";
import { nonce } from "../names.ts";
import { away, refused } from "../problems.ts";

/*
 * WeChat Pay's API version 2: flat XML, signed with a shared key over all fields in order. Contracts for further terms
 * are made, asked for, used and ended with it alone.
 */

export type Fields = Readonly<Record<string, string>>;
type SignType = "HMAC-SHA256" | "MD5";

export class WechatV2 {
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  /** What it answers, its signature checked. Throws `pay.refused` with its code, unless that is one of `allowed`. */
  async ask(
    path: string,
    fields: Fields,
    { type, allowed }: { type: SignType; allowed?: RegExp },
  ): Promise<Fields> {
    const filled = { ...fields, nonce_str: nonce(), ...(type === "MD5" ? {} : { sign_type: type }) };
    const body = xmlOf({ ...filled, sign: signatureOf(filled, this.#key, type) });
    const answer = await ask({
      method: "POST",
      url: `${this.#url}${path}`,
      mayRepeat: true,
      headers: { "content-type": "text/xml; charset=utf-8" },
      body,
    });
    const said = fieldsOf(answer.bytes.toString("utf8"));
    if (said["return_code"] !== "SUCCESS") throw refused(said["return_msg"]);
    if (!this.isSigned(said)) throw away("signature");
    const code = said["err_code"] ?? "";
    if (said["result_code"] === "SUCCESS" || allowed?.test(code) === true) return said;
    // Its own word for "ask again": nothing is decided.
    throw /^(?:SYSTEM_?ERROR|BANKERROR|USERPAYING|FREQUENCY_LIMITED)$/.test(code)
      ? away(code)
      : refused(code);
  }

  /** Whether fields carry a signature of the shared key. */
  isSigned(fields: Fields): boolean {
    const given = Buffer.from(fields["sign"] ?? "", "hex");
    const isMac = fields["sign_type"] === "HMAC-SHA256" || given.length === 32;
    const due = Buffer.from(signatureOf(fields, this.#key, isMac ? "HMAC-SHA256" : "MD5"), "hex");
    return given.length === due.length && timingSafeEqual(given, due);
  }
}

/** The signature over all fields that are not empty, by their names in order. */
export function signatureOf(fields: Fields, key: string, type: SignType): string {
  const sorted = Object.entries(fields)
    .filter(([name, value]) => name !== "sign" && value !== "")
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  const text = [...sorted, `key=${key}`].join("&");
  const hash = type === "MD5" ? createHash("md5") : createHmac("sha256", key);
  return hash.update(text).digest("hex").toUpperCase();
}

/** The fields of a flat XML document; none where it is no such document. */
export function fieldsOf(xml: string): Fields {
  const inner = /^\s*(?:<\?xml[^>]*\?>)?\s*<xml>([\s\S]*)<\/xml>\s*$/.exec(xml)?.[1] ?? "";
  const matches = inner.matchAll(/<(\w{1,64})>\s*(?:<!\[CDATA\[([\s\S]*?)\]\]>|([^<]*))\s*<\/\1>/g);
  return Object.fromEntries([...matches].map(([, name, data, text]) => [name, data ?? plain(text ?? "")]));
}

export function xmlOf(fields: Fields): string {
  const inner = Object.entries(fields).map(
    ([name, value]) => `<${name}><![CDATA[${value.replaceAll("]]>", "")}]]></${name}>`,
  );
  return `<xml>${inner.join("")}</xml>`;
}

function plain(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
  return text.trim().replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => named[name]!);
}
