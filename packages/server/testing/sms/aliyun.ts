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
 * Alibaba Cloud SMS as its documentation describes it: V3 signature over all `x-acs-` headers and the host, a date
 * within 15 minutes, a nonce that is new; then the rules of numbers, signatures, templates and frequency.
 */

const MINUTE_MS = 60_000;
const LIMIT = "isv.BUSINESS_LIMIT_CONTROL";

export function startAliyun(now: () => number = Date.now): Promise<SmsGateway> {
  const nonces = new Set<string>();
  const codes = new Frequency([
    { ms: MINUTE_MS, most: 1, code: LIMIT },
    { ms: 60 * MINUTE_MS, most: 5, code: LIMIT },
    { ms: 24 * 60 * MINUTE_MS, most: 10, code: LIMIT },
  ]);
  const notices = new Frequency([{ ms: 24 * 60 * MINUTE_MS, most: 50, code: LIMIT }]);
  const handle = (asked: Asked): Outcome => {
    const bad = badRequest(asked, now(), nonces);
    if (bad !== undefined) return { status: 400, code: bad };
    const { searchParams } = new URL(asked.request.url ?? "/", "http://gateway");
    const given = (name: string): string => searchParams.get(name) ?? "";
    const to = given("PhoneNumbers");
    if (!/^1[3-9]\d{9}$/.test(to) && !/^(?!86)[1-9]\d{7,14}$/.test(to))
      return { code: "isv.MOBILE_NUMBER_ILLEGAL" };
    if (given("SignName") !== approved.sign) return { code: "isv.SMS_SIGNATURE_ILLEGAL" };
    const template = templates[given("TemplateCode")];
    if (template === undefined) return { code: "isv.SMS_TEMPLATE_ILLEGAL" };
    const value = variableOf(given("TemplateParam"), template.variable);
    if (typeof value !== "string") return { code: value.code };
    if (!isAllowed(value, template.isCode)) return { code: "isv.PARAM_NOT_SUPPORT_URL" };
    const limited = (template.isCode ? codes : notices).spend(to, now());
    if (limited !== undefined) return { code: limited };
    return { code: "OK", sms: { to, template: given("TemplateCode"), value } };
  };
  return startGateway({
    kind: "aliyun",
    okCode: "OK",
    handle,
    answer: ({ code }) => ({
      RequestId: "AADD0000",
      Code: code,
      Message: code,
      ...(code === "OK" ? { BizId: "9006" } : {}),
    }),
  });
}

function variableOf(json: string, variable: string): string | { readonly code: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return { code: "isv.INVALID_JSON_PARAM" };
  }
  const value = (Object(parsed) as Readonly<Record<string, unknown>>)[variable];
  return typeof value === "string" ? value : { code: "isv.TEMPLATE_MISSING_PARAMETERS" };
}

/** What is wrong with a request before anybody looks at its parameters. */
function badRequest(asked: Asked, nowMs: number, nonces: Set<string>): string | undefined {
  const header = (name: string): string => String(asked.request.headers[name] ?? "");
  const match =
    /^ACS3-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/.exec(
      header("authorization"),
    );
  if (match === null) return "IncompleteSignature";
  const [, keyId, signed = "", signature] = match;
  if (keyId !== approved.keyId) return "InvalidAccessKeyId.NotFound";
  if (header("x-acs-action") !== "SendSms" || header("x-acs-version") !== "2017-05-25")
    return "InvalidAction.NotFound";
  if (Math.abs(Date.parse(header("x-acs-date")) - nowMs) > 15 * MINUTE_MS) return "InvalidTimeStamp.Expired";
  if (sha256(asked.body) !== header("x-acs-content-sha256")) return "InvalidContentSha256";
  if (!isSigned(asked, signed, signature)) return "SignatureDoesNotMatch";
  const nonce = header("x-acs-signature-nonce");
  if (nonce === "" || nonces.has(nonce)) return "SignatureNonceUsed";
  nonces.add(nonce);
  return undefined;
}

function isSigned({ request, body }: Asked, signed: string, signature: string | undefined): boolean {
  const header = (name: string): string => String(request.headers[name] ?? "");
  const names = signed.split(";");
  const due = Object.keys(request.headers).filter((name) => name.startsWith("x-acs-") || name === "host");
  if (due.some((name) => !names.includes(name))) return false;
  const [path = "/", query = ""] = (request.url ?? "/").split("?");
  const sorted = query.split("&").toSorted().join("&");
  const lines = names.toSorted().map((name) => `${name}:${header(name).trim()}\n`);
  const canonical = [request.method, path, sorted, lines.join(""), names.toSorted().join(";"), sha256(body)];
  const mac = createHmac("sha256", approved.keySecret);
  return mac.update(`ACS3-HMAC-SHA256\n${sha256(canonical.join("\n"))}`).digest("hex") === signature;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
