import { createHash, createHmac } from "node:crypto";
import {
  approved,
  Frequency,
  isAllowed,
  startGateway,
  templates,
  type Asked,
  type Outcome,
  type SmsGateway,
} from "./gateway.ts";

/*
 * Tencent Cloud SMS as its documentation describes it: TC3-HMAC-SHA256 over the type and the host, a time within five
 * minutes; then the rules of applications, numbers, signatures, templates and frequency.
 */

const MINUTE_MS = 60_000;

export function startTencent(now: () => number = Date.now): Promise<SmsGateway> {
  const codes = new Frequency([
    { ms: MINUTE_MS / 2, most: 1, code: "LimitExceeded.PhoneNumberThirtySecondLimit" },
    { ms: 60 * MINUTE_MS, most: 5, code: "LimitExceeded.PhoneNumberOneHourLimit" },
    { ms: 24 * 60 * MINUTE_MS, most: 10, code: "LimitExceeded.PhoneNumberDailyLimit" },
  ]);
  const handle = (asked: Asked): Outcome => {
    const bad = badRequest(asked, now());
    if (bad !== undefined) return { code: bad };
    const given = JSON.parse(asked.body) as Given;
    const wrong = badParameters(given);
    if (wrong !== undefined) return { code: wrong };
    const [to = ""] = given.PhoneNumberSet ?? [];
    const [value = ""] = given.TemplateParamSet ?? [];
    const { TemplateId: template = "" } = given;
    const limited = templates[template]?.isCode === true ? codes.spend(to, now()) : undefined;
    return limited === undefined ? { code: "Ok", sms: { to, template, value } } : { code: limited };
  };
  return startGateway({
    kind: "tencent",
    okCode: "Ok",
    handle,
    // What is wrong with the request itself is an error; what is wrong with one number is the state of that number.
    answer: ({ code }) => ({
      Response: {
        RequestId: "a0aabda6",
        ...(/^(?:AuthFailure|InvalidAction|RequestLimitExceeded|InternalError)/.test(code)
          ? { Error: { Code: code, Message: code } }
          : { SendStatusSet: [{ SerialNo: "5000", Code: code, Message: code, IsoCode: "CN", Fee: 1 }] }),
      },
    }),
  });
}

interface Given {
  readonly PhoneNumberSet?: readonly string[];
  readonly SmsSdkAppId?: string;
  readonly SignName?: string;
  readonly TemplateId?: string;
  readonly TemplateParamSet?: readonly string[];
}

function badParameters(given: Given): string | undefined {
  const template = templates[given.TemplateId ?? ""];
  const values = given.TemplateParamSet ?? [];
  if (given.SmsSdkAppId !== approved.app) return "UnauthorizedOperation.SmsSdkAppIdVerifyFail";
  if (given.SignName !== approved.sign) return "FailedOperation.SignatureIncorrectOrUnapproved";
  if (template === undefined) return "FailedOperation.TemplateIncorrectOrUnapproved";
  if (!/^\+[1-9]\d{6,14}$/.test(given.PhoneNumberSet?.[0] ?? ""))
    return "InvalidParameterValue.IncorrectPhoneNumber";
  if (values.length !== 1) return "FailedOperation.TemplateParamSetNotMatchApprovedTemplate";
  return isAllowed(values[0]!, template.isCode)
    ? undefined
    : "InvalidParameterValue.TemplateParameterFormatError";
}

function badRequest({ request, body }: Asked, nowMs: number): string | undefined {
  const header = (name: string): string => String(request.headers[name] ?? "");
  const match =
    /^TC3-HMAC-SHA256 Credential=([^/]+)\/([^/]+)\/sms\/tc3_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      header("authorization"),
    );
  if (match === null) return "AuthFailure.SignatureFailure";
  const [, keyId, date = "", names = "", signature] = match;
  if (keyId !== approved.keyId) return "AuthFailure.SecretIdNotFound";
  if (header("x-tc-action") !== "SendSms" || header("x-tc-version") !== "2021-01-11") return "InvalidAction";
  const seconds = Number(header("x-tc-timestamp"));
  if (!(Math.abs(seconds * 1000 - nowMs) <= 5 * MINUTE_MS)) return "AuthFailure.SignatureExpire";
  if (new Date(seconds * 1000).toISOString().slice(0, 10) !== date) return "AuthFailure.SignatureFailure";
  if (header("content-type") !== "application/json; charset=utf-8") return "AuthFailure.SignatureFailure";
  const lines = names.split(";").map((name) => `${name}:${header(name).toLowerCase()}\n`);
  const canonical = sha256([request.method, "/", "", lines.join(""), names, sha256(body)].join("\n"));
  const hmac = (key: string | Buffer, text: string): Buffer =>
    createHmac("sha256", key).update(text).digest();
  const key = hmac(hmac(hmac(`TC3${approved.keySecret}`, date), "sms"), "tc3_request");
  const due = hmac(key, `TC3-HMAC-SHA256\n${seconds}\n${date}/sms/tc3_request\n${canonical}`).toString("hex");
  return due === signature ? undefined : "AuthFailure.SignatureFailure";
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
