import { KeepsakeError } from "@keepsake/core/base";

/** How members are told things outside of the app. Whatever is empty is not set up. */
export interface NoticeSettings {
  /** `smtps://name:password@host:port`, or `smtp://` with STARTTLS; without TLS on this machine only. */
  readonly mailServer: string;
  readonly mailFrom: string;
  readonly sms: "none" | "aliyun" | "tencent";
  readonly smsKeyId: string;
  readonly smsKeySecret: string;
  /** The signature that the gateway has approved, without brackets. */
  readonly smsSign: string;
  readonly smsCodeTemplate: string;
  readonly smsNoticeTemplate: string;
  /** Tencent Cloud's SdkAppId. */
  readonly smsApp: string;
  readonly smsRegion: string;
  /** Where the gateway is, if not where it says it is. */
  readonly smsUrl: string;
}

type Text = (name: string, preset: string) => string;

const smsUrls = {
  none: "",
  aliyun: "https://dysmsapi.aliyuncs.com",
  tencent: "https://sms.tencentcloudapi.com",
} as const;

/** Reads the settings of mail and SMS. Throws `base.invalid` with the name of the one that is wrong or missing. */
export function noticeSettings(text: Text): NoticeSettings {
  const sms = text("KEEPSAKE_SMS", "none");
  if (sms !== "none" && sms !== "aliyun" && sms !== "tencent") throw wrong("KEEPSAKE_SMS");
  const needed = (name: string): string => {
    const value = text(name, "");
    if (sms !== "none" && value === "") throw wrong(name);
    return value;
  };
  const mailServer = text("KEEPSAKE_MAIL_SERVER", "");
  const mailFrom = text("KEEPSAKE_MAIL_FROM", "");
  if (mailServer !== "" && !/^smtps?:\/\/[^/]/.test(mailServer)) throw wrong("KEEPSAKE_MAIL_SERVER");
  if (mailServer !== "" && mailFrom === "") throw wrong("KEEPSAKE_MAIL_FROM");
  return {
    mailServer,
    mailFrom,
    sms,
    smsKeyId: needed("KEEPSAKE_SMS_KEY_ID"),
    smsKeySecret: needed("KEEPSAKE_SMS_KEY_SECRET"),
    smsSign: needed("KEEPSAKE_SMS_SIGN"),
    smsCodeTemplate: needed("KEEPSAKE_SMS_CODE_TEMPLATE"),
    smsNoticeTemplate: needed("KEEPSAKE_SMS_NOTICE_TEMPLATE"),
    smsApp: sms === "tencent" ? needed("KEEPSAKE_SMS_APP") : "",
    smsRegion: text("KEEPSAKE_SMS_REGION", "ap-guangzhou"),
    smsUrl: text("KEEPSAKE_SMS_URL", smsUrls[sms]),
  };
}

function wrong(name: string): KeepsakeError {
  return new KeepsakeError("base.invalid", { details: { name } });
}
