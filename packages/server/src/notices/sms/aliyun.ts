import { createHash, createHmac, randomBytes } from "node:crypto";
import type { Clock } from "@keepsake/core/base";
import type { Channel } from "../channel.ts";
import type { NoticeSettings } from "../settings.ts";
import { askGateway, notSent } from "./gateway.ts";

/*
 * Alibaba Cloud SMS (dysmsapi, version 2017-05-25), with its V3 signature ACS3-HMAC-SHA256: parameters in the query,
 * an empty body, all headers signed.
 */

const ACTION = "SendSms";
const VERSION = "2017-05-25";

/** Codes after which the same request may succeed later. */
const passing = /^(?:isp\.|isv\.BUSINESS_LIMIT_CONTROL|Throttling|ServiceUnavailable|InternalError)/;

export function aliyunChannel(settings: NoticeSettings, clock: Clock): Channel {
  return {
    kind: "phone",
    async send(to, { id, template, value }) {
      const query = canonicalQuery({
        OutId: id,
        PhoneNumbers: to.startsWith("+86") ? to.slice(3) : to.slice(1),
        SignName: settings.smsSign,
        TemplateCode: template === "code" ? settings.smsCodeTemplate : settings.smsNoticeTemplate,
        TemplateParam: JSON.stringify(template === "code" ? { code: value } : { what: value }),
      });
      const headers = aliyunHeaders({
        host: new URL(settings.smsUrl).host,
        action: ACTION,
        version: VERSION,
        query,
        nonce: randomBytes(16).toString("hex"),
        date: `${new Date(clock.now()).toISOString().slice(0, 19)}Z`,
        keyId: settings.smsKeyId,
        keySecret: settings.smsKeySecret,
      });
      const { Code: code } = (await askGateway(`${settings.smsUrl}/?${query}`, { headers })) as {
        readonly Code?: string;
      };
      if (code !== "OK") throw notSent(code, passing);
    },
  };
}

/** Names in order, and everything but letters, digits and -_.~ as %XX. */
export function canonicalQuery(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .join("&");
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The headers of a request without a body, with its signature. */
export function aliyunHeaders(request: {
  readonly host: string;
  readonly action: string;
  readonly version: string;
  readonly query: string;
  readonly nonce: string;
  readonly date: string;
  readonly keyId: string;
  readonly keySecret: string;
}): Readonly<Record<string, string>> {
  const bodyDigest = sha256("");
  const headers: Readonly<Record<string, string>> = {
    host: request.host,
    "x-acs-action": request.action,
    "x-acs-content-sha256": bodyDigest,
    "x-acs-date": request.date,
    "x-acs-signature-nonce": request.nonce,
    "x-acs-version": request.version,
  };
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ["POST", "/", request.query, lines.join(""), names, bodyDigest].join("\n");
  const signature = createHmac("sha256", request.keySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest("hex");
  return {
    ...headers,
    authorization: `ACS3-HMAC-SHA256 Credential=${request.keyId},SignedHeaders=${names},Signature=${signature}`,
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
