import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMailSink } from "../../testing/mail.ts";
import { testCertificate, trustTestAuthority } from "../../testing/tls.ts";
import { messageOf } from "./catalogue.ts";
import { mailChannel, tryMailServer } from "./mail.ts";

const message = messageOf({ id: "0".repeat(26), message: "code", language: "en" }, "042042", 0)!;
const send = (mailServer: string): Promise<void> =>
  mailChannel({ mailServer, mailFrom: "keepsake@example.org" }).send("han@example.org", message);

/** The same machine under an address that does not say so: mail goes there as to any other. */
const afar = (url: string): string => url.replace("127.0.0.1", "0.0.0.0");
const laterBy = (why: string) => ({ code: "notice.not-sent", retry: "later", details: { why } });

test("a certificate that nobody vouches for gets no mail, by STARTTLS neither", async () => {
  await using sink = await startMailSink({ tls: "starttls", certificate: testCertificate("here") });
  for (const url of [sink.url, afar(sink.url)]) {
    await expect(send(url)).rejects.toMatchObject(laterBy("ESOCKET"));
    expect(await tryMailServer(url)).toBe("bad-certificate");
  }
  expect(sink.mails).toEqual([]);
});

describe("where the operator's certificates are trusted", () => {
  let trust: Disposable;
  beforeAll(() => void (trust = trustTestAuthority()));
  afterAll(() => trust[Symbol.dispose]());

  test.each(["starttls", "always"] as const)("mail is encrypted (%s)", async (tls) => {
    await using sink = await startMailSink({ tls, certificate: testCertificate("here") });
    for (const url of [sink.url, afar(sink.url)]) {
      expect(await tryMailServer(url)).toBe("well");
      await send(url);
    }
    expect(sink.mails.map(({ isEncrypted, subject }) => [isEncrypted, subject])).toEqual([
      [true, "Keepsake: Your code"],
      [true, "Keepsake: Your code"],
    ]);
  });

  test.each(["starttls", "always"] as const)(
    "a certificate for another name gets no mail (%s)",
    async (tls) => {
      await using sink = await startMailSink({ tls, certificate: testCertificate("elsewhere") });
      for (const url of [sink.url, afar(sink.url)]) {
        await expect(send(url)).rejects.toMatchObject(laterBy("ESOCKET"));
        expect(await tryMailServer(url)).toBe("bad-certificate");
      }
      expect(sink.mails).toEqual([]);
    },
  );
});

test("a server elsewhere that offers no TLS gets no mail, until it does", async () => {
  await using sink = await startMailSink();
  await expect(send(afar(sink.url))).rejects.toMatchObject(laterBy("ETLS"));
  expect(sink.mails).toEqual([]);
  expect(await tryMailServer(afar(sink.url))).toBe("no-tls");
  await send(sink.url);
  expect(sink.mails).toMatchObject([{ isEncrypted: false }]);
});

test("a look at a mail server says whether it is there, and takes the login", async () => {
  await using sink = await startMailSink({ hasLogin: true });
  const named = (password: string) => sink.url.replace("//", `//keepsake:${password}@`);
  expect(await tryMailServer(named("right"))).toBe("well");
  expect(await tryMailServer(named("wrong"))).toBe("no-login");
  expect(await tryMailServer("smtp://127.0.0.1:1")).toBe("away");
  expect(sink.mails).toEqual([]);
});
