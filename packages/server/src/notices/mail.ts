import { createTransport, type Transporter } from "nodemailer";
import { KeepsakeError } from "@keepsake/core/base";
import { isCertificateFault } from "../certificate.ts";
import type { Channel } from "./channel.ts";

const CONNECT_MS = 10_000;
const ANSWER_MS = 30_000;

/** Between machines there is TLS with a certificate that is checked, or no mail at all. */
function transportTo(mailServer: string): Transporter {
  const url = new URL(mailServer);
  const isLocal = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  const isTls = url.protocol === "smtps:";
  return createTransport({
    host: url.hostname,
    port: url.port === "" ? (isTls ? 465 : 587) : Number(url.port),
    secure: isTls,
    requireTLS: !isTls && !isLocal,
    ...(url.username === ""
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: ANSWER_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** Mail over SMTP. */
export function mailChannel({ mailServer, mailFrom }: { mailServer: string; mailFrom: string }): Channel {
  const transport = transportTo(mailServer);
  const domain = /@([^\s>]+)/.exec(mailFrom)?.[1] ?? "keepsake";
  return {
    kind: "email",
    async send(to, { id, subject, text }) {
      try {
        await transport.sendMail({
          from: mailFrom,
          // An address as it is, never a header that somebody wrote.
          to: { name: "", address: to },
          subject,
          text,
          // Sent twice, it is one mail for who sorts them.
          messageId: `<${id}@${domain}>`,
          headers: { "auto-submitted": "auto-generated" },
        });
      } catch (error) {
        throw refusal(error);
      }
    },
  };
}

/** Whether it may be taken another time: what the server refuses for good (5xx) is not tried again. Its words are left out. */
function refusal(error: unknown): KeepsakeError {
  const { responseCode = 0, code = "" } = faultOf(error);
  // Without a login or TLS no mail was refused: the operator sets that right.
  const isOfMail = code !== "EAUTH" && code !== "ETLS";
  const isFinal = (responseCode >= 500 && isOfMail) || code === "EENVELOPE";
  return new KeepsakeError("notice.not-sent", {
    retry: isFinal && responseCode !== 0 ? "never" : "later",
    details: { channel: "email", why: code || String(responseCode) },
  });
}

/** What the SMTP library says of a fault. */
function faultOf(error: unknown): { readonly responseCode?: number; readonly code?: string } {
  return error ?? {};
}

/** What came of a greeting that sent nothing. */
export type MailTrial = "well" | "away" | "no-tls" | "bad-certificate" | "no-login" | "refused";

/** Greets the mail server as for a mail, TLS and login included, and sends none. */
export async function tryMailServer(mailServer: string): Promise<MailTrial> {
  const transport = transportTo(mailServer);
  try {
    await transport.verify();
    return "well";
  } catch (error) {
    const { code, responseCode } = faultOf(error);
    if (isCertificateFault(error)) return "bad-certificate";
    if (code === "ETLS") return "no-tls";
    if (code === "EAUTH") return "no-login";
    return responseCode ? "refused" : "away";
  } finally {
    transport.close();
  }
}
