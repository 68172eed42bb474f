import { createHash, createHmac } from "node:crypto";
import type { Clock } from "@keepsake/core/base";
import type { Channel } from "../channel.ts";
import type { NoticeSettings } from "../settings.ts";
import { askGateway, notSent } from "./gateway.ts";

/* Tencent Cloud SMS (version 2021-01-11), with the signature TC3-HMAC-SHA256 over a JSON body. */

const ACTION = "SendSms";
const VERSION = "2021-01-11";
const TYPE = "application/json; charset=utf-8";

/** Codes after which the same request may succeed later. */
const passing =
  /^(?:InternalError|RequestLimitExceeded|LimitExceeded\.(?:DeliveryFrequencyLimit|PhoneNumberThirtySecondLimit|PhoneNumberOneHourLimit))/;

interface Answer {
  readonly Response?: {
    readonly Error?: { readonly Code?: string };
    readonly SendStatusSet?: readonly { readonly Code?: string }[];
  };
}

export function tencentChannel(settings: NoticeSettings, clock: Clock): Channel {
  return {
    kind: "phone",
    async send(to, { id, template, value }) {
      const body = JSON.stringify({
        PhoneNumberSet: [to],
        SmsSdkAppId: settings.smsApp,
        SignName: settings.smsSign,
        TemplateId: template === "code" ? settings.smsCodeTemplate : settings.smsNoticeTemplate,
        TemplateParamSet: [value],
        SessionContext: id,
      });
      const seconds = Math.floor(clock.now() / 1000);
      const { host } = new URL(settings.smsUrl);
      const authorization = tencentAuthorization({
        service: "sms",
        host,
        body,
        seconds,
        keyId: settings.smsKeyId,
        keySecret: settings.smsKeySecret,
      });
      const { Response } = (await askGateway(settings.smsUrl, {
        body,
        headers: {
          authorization,
          "content-type": TYPE,
          "x-tc-action": ACTION,
          "x-tc-version": VERSION,
          "x-tc-region": settings.smsRegion,
          "x-tc-timestamp": String(seconds),
        },
      })) as Answer;
      const code = Response?.Error?.Code ?? Response?.SendStatusSet?.[0]?.Code;
      if (code !== "Ok") throw notSent(code, passing);
    },
  };
}

/** The signature of a request that posts JSON. */
export function tencentAuthorization(request: {
  readonly service: string;
  readonly host: string;
  readonly body: string;
  readonly seconds: number;
  readonly keyId: string;
  readonly keySecret: string;
}): string {
  const { service, host, body, seconds, keyId, keySecret } = request;
  const names = "content-type;host";
  const canonical = ["POST", "/", "", `content-type:${TYPE}\nhost:${host}\n`, names, sha256(body)].join("\n");
  const date = new Date(seconds * 1000).toISOString().slice(0, 10);
  const scope = `${date}/${service}/tc3_request`;
  const text = ["TC3-HMAC-SHA256", seconds, scope, sha256(canonical)].join("\n");
  const key = [date, service, "tc3_request"].reduce<string | Buffer>(
    (before, part) => createHmac("sha256", before).update(part).digest(),
    `TC3${keySecret}`,
  );
  const signature = createHmac("sha256", key).update(text).digest("hex");
  return `TC3-HMAC-SHA256 Credential=${keyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
