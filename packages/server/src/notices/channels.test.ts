import { afterEach, describe, expect, test } from "vitest";
import { startMailSink } from "../../testing/mail.ts";
import { startAliyun } from "../../testing/sms/aliyun.ts";
import { startTencent } from "../../testing/sms/tencent.ts";
import { messageNames, messageOf } from "./catalogue.ts";
import type { Message } from "./channel.ts";
import { openChannels, requireChannel } from "./channels.ts";
import { noticeSettings } from "./settings.ts";
import { aliyunHeaders, canonicalQuery } from "./sms/aliyun.ts";
import { tencentAuthorization } from "./sms/tencent.ts";

let nowMs = Date.now();
const clock = { now: () => nowMs };
afterEach(() => void (nowMs = Date.now()));

const opened = (given: Readonly<Record<string, string>>) =>
  openChannels(
    noticeSettings((name, preset) => given[name] || preset),
    clock,
  );
const message = (name: string, language = "en"): Message =>
  messageOf({ id: "00000000000000000000000001", message: name, language }, "042042", nowMs)!;

describe("mail", () => {
  const mail = (url: string) =>
    opened({ KEEPSAKE_MAIL_SERVER: url, KEEPSAKE_MAIL_FROM: "Keepsake <keepsake@example.org>" }).email!;

  test("arrives in the member's language, without a link", async () => {
    await using sink = await startMailSink();
    await mail(sink.url).send("han@example.org", message("code", "zh"));
    await mail(sink.url).send("han@example.org", message("logged-in"));
    expect(sink.mails.map(({ to }) => to)).toEqual(["han@example.org", "han@example.org"]);
    expect(sink.mails[0]).toMatchObject({ subject: "Keepsake: 你的验证码" });
    expect(sink.mails[0]!.text).toContain("042042");
    expect(sink.mails[1]!.text).toMatch(/^A new device logged in, at \d{4}-/);
    expect(sink.mails[1]!.raw).toContain("<00000000000000000000000001@example.org>");
    for (const { raw } of sink.mails) expect(raw).not.toMatch(/https?:/);
  });

  test("that the server refuses for good is not tried again, that it puts off is", async () => {
    await using sink = await startMailSink();
    sink.refuseNext(451);
    const put = { code: "notice.not-sent", retry: "later" };
    await expect(mail(sink.url).send("han@example.org", message("code"))).rejects.toMatchObject(put);
    sink.refuseNext(550);
    await expect(mail(sink.url).send("han@example.org", message("code"))).rejects.toMatchObject({
      ...put,
      retry: "never",
    });
  });

  test("goes to no server whose certificate nobody vouches for, and to none that is not there", async () => {
    await using sink = await startMailSink({ tls: "always" });
    const put = { code: "notice.not-sent", retry: "later" };
    await expect(mail(sink.url).send("han@example.org", message("code"))).rejects.toMatchObject(put);
    expect(sink.mails).toEqual([]);
    await expect(mail("smtp://127.0.0.1:1").send("han@example.org", message("code"))).rejects.toMatchObject(
      put,
    );
  });

  test("to an address with a line break in it is no second header", async () => {
    await using sink = await startMailSink();
    await mail(sink.url)
      .send("han@example.org\r\nBcc: thief@example.org", message("code"))
      .catch(() => undefined);
    expect(sink.mails.map(({ to }) => to)).not.toContain("thief@example.org");
  });
});

test("what is told by SMS fits the variable of a template, in both languages", () => {
  for (const name of messageNames)
    for (const language of ["en", "zh"])
      expect([name, message(name, language).value.length <= 20]).toEqual([name, true]);
});

describe.each([
  ["Alibaba Cloud", startAliyun, "13800138000"],
  ["Tencent Cloud", startTencent, "+8613800138000"],
] as const)("SMS through %s", (_name, start, number) => {
  test("takes codes and notices by their templates", async () => {
    await using gateway = await start(() => nowMs);
    const { phone } = opened(gateway.settings);
    await phone!.send("+8613800138000", message("code"));
    await phone!.send("+8613800138000", message("logged-in", "zh"));
    expect(gateway.sent).toEqual([
      { to: number, template: "SMS_1001", value: "042042" },
      { to: number, template: "SMS_1002", value: "有新设备登录" },
    ]);
  });

  test("is tried again where it is too often or the gateway fails, and not where it cannot succeed", async () => {
    await using gateway = await start(() => nowMs);
    const { phone } = opened(gateway.settings);
    await phone!.send("+8613800138000", message("code"));
    const code = { code: "notice.not-sent" };
    await expect(phone!.send("+8613800138000", message("code"))).rejects.toMatchObject({
      ...code,
      retry: "later",
    });
    nowMs += 61_000;
    await phone!.send("+8613800138000", message("code"));
    await expect(phone!.send("+86123", message("code"))).rejects.toMatchObject({ ...code, retry: "never" });
    gateway.answerNext("isv.AMOUNT_NOT_ENOUGH");
    await expect(phone!.send("+8613800138001", message("code"))).rejects.toMatchObject({
      ...code,
      retry: "never",
      details: { why: "isv.AMOUNT_NOT_ENOUGH" },
    });
  });

  test.each([
    ["KEEPSAKE_SMS_KEY_SECRET", "another"],
    ["KEEPSAKE_SMS_KEY_ID", "another"],
    ["KEEPSAKE_SMS_SIGN", "unknown"],
    ["KEEPSAKE_SMS_CODE_TEMPLATE", "SMS_9"],
  ])("is refused with a wrong %s", async (name, value) => {
    await using gateway = await start(() => nowMs);
    const { phone } = opened({ ...gateway.settings, [name]: value });
    await expect(phone!.send("+8613800138000", message("code"))).rejects.toMatchObject({
      code: "notice.not-sent",
      retry: "never",
    });
    expect(gateway.sent).toEqual([]);
  });

  test("is refused when the clock is wrong", async () => {
    await using gateway = await start(() => nowMs + 3_600_000);
    await expect(
      opened(gateway.settings).phone!.send("+8613800138000", message("code")),
    ).rejects.toMatchObject({
      code: "notice.not-sent",
    });
  });
});

test("a request to Alibaba Cloud is signed as its documentation's example", () => {
  const headers = aliyunHeaders({
    host: "ecs.cn-shanghai.aliyuncs.com",
    action: "RunInstances",
    version: "2014-05-26",
    query: canonicalQuery({
      RegionId: "cn-shanghai",
      ImageId: "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
    }),
    nonce: "3156853299f313e23d1673dc12e1703d",
    date: "2023-10-26T10:22:32Z",
    keyId: "YourAccessKeyId",
    keySecret: "YourAccessKeySecret",
  });
  expect(headers["authorization"]).toMatch(
    /Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0$/,
  );
});

test("a request to Tencent Cloud is signed as its documentation's example", () => {
  const authorization = tencentAuthorization({
    service: "cvm",
    host: "cvm.tencentcloudapi.com",
    body: String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`,
    seconds: 1_551_113_065,
    keyId: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
    keySecret: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
  });
  expect(authorization).toBe(
    "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
  );
});

test("without settings there is no way to send, and a wrong setting is named", () => {
  expect(opened({})).toEqual({});
  expect(() => requireChannel({}, "phone")).toThrow(expect.objectContaining({ code: "notice.no-channel" }));
  const wrong = (given: Readonly<Record<string, string>>, name: string) =>
    expect(() => opened(given)).toThrow(expect.objectContaining({ details: { name } }));
  wrong({ KEEPSAKE_SMS: "pigeon" }, "KEEPSAKE_SMS");
  wrong({ KEEPSAKE_SMS: "tencent" }, "KEEPSAKE_SMS_KEY_ID");
  wrong({ KEEPSAKE_MAIL_SERVER: "example.org" }, "KEEPSAKE_MAIL_SERVER");
  wrong({ KEEPSAKE_MAIL_SERVER: "smtp://example.org" }, "KEEPSAKE_MAIL_FROM");
});
