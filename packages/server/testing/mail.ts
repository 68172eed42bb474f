import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import type { TestCertificate } from "./tls.ts";

/** A mail as it came in. */
interface SunkMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly raw: string;
  /** Whether it came over TLS. */
  readonly isEncrypted: boolean;
}

/** A real mail server that keeps what it takes. */
export interface MailSink extends AsyncDisposable {
  /** For KEEPSAKE_MAIL_SERVER. */
  readonly url: string;
  readonly mails: SunkMail[];
  /** What it answers to the next mail in place of taking it: a code of SMTP. */
  refuseNext(code: number): void;
}

interface SinkOptions {
  /** TLS from the start, by STARTTLS, or never. */
  readonly tls?: "always" | "starttls" | "never";
  /** One that nobody vouches for, if not another. */
  readonly certificate?: TestCertificate;
  /** Whether it knows a login: any name with the password "right". */
  readonly hasLogin?: boolean;
}

/** Starts one on this machine. */
export async function startMailSink(options: SinkOptions = {}): Promise<MailSink> {
  const { tls = "never", certificate, hasLogin = false } = options;
  const mails: SunkMail[] = [];
  let refuse: number | undefined;
  const server = new SMTPServer({
    secure: tls === "always",
    authOptional: true,
    disabledCommands: [...(tls === "never" ? ["STARTTLS"] : []), ...(hasLogin ? [] : ["AUTH"])],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      password === "right" ? done(null, { user: username }) : done(new TypeError("wrong password")),
    ...certificate,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const code = refuse;
        refuse = undefined;
        if (code !== undefined) return done(Object.assign(new TypeError("refused"), { responseCode: code }));
        const raw = Buffer.concat(chunks).toString();
        const isEncrypted = session.secure;
        for (const { address } of session.envelope.rcptTo)
          mails.push({ to: address, raw, isEncrypted, ...readMail(raw) });
        return done();
      });
    },
  });
  server.on("error", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `${tls === "always" ? "smtps" : "smtp"}://127.0.0.1:${port}`,
    mails,
    refuseNext: (code) => void (refuse = code),
    [Symbol.asyncDispose]: () => new Promise((done) => server.close(() => done())),
  };
}

function readMail(raw: string): { readonly subject: string; readonly text: string } {
  const [head = "", ...rest] = raw.split("\r\n\r\n");
  const headers = head.replace(/\r\n[ \t]+/g, " ");
  const header = (name: string): string => new RegExp(`^${name}: (.*)$`, "im").exec(headers)?.[1] ?? "";
  const body = rest.join("\r\n\r\n");
  const coding = header("content-transfer-encoding");
  return { subject: words(header("subject")), text: decoded(body, coding).trim().replaceAll("\r\n", "\n") };
}

function decoded(body: string, coding: string): string {
  if (/base64/i.test(coding)) return Buffer.from(body, "base64").toString();
  if (!/quoted-printable/i.test(coding)) return body;
  const bytes = body.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex: string) => byte(hex));
  return Buffer.from(bytes, "latin1").toString();
}

/** Encoded words of RFC 2047. */
function words(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, inner: string) =>
      /b/i.test(kind)
        ? Buffer.from(inner, "base64").toString()
        : Buffer.from(
            inner.replace(/_/g, " ").replace(/=([0-9A-F]{2})/gi, (__, hex: string) => byte(hex)),
            "latin1",
          ).toString(),
    );
}

function byte(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}
