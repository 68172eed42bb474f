import { tryMailServer, type MailTrial } from "../notices/mail.ts";
import { bad, good, type Told } from "./told.ts";

const told: Readonly<Record<MailTrial, Told>> = {
  well: good(
    "The mail server answers, and takes the login. Nothing was sent.",
    "邮件服务器可用，登录正常。未发送任何邮件。",
  ),
  away: bad(
    "No mail server answers at KEEPSAKE_MAIL_SERVER. Check host and port, smtps:// or smtp://, and the way there.",
    "KEEPSAKE_MAIL_SERVER 处没有邮件服务器响应。请检查主机、端口、smtps:// 或 smtp:// 以及网络。",
  ),
  "no-tls": bad(
    "The mail server offers no TLS (STARTTLS), and nothing is sent to it. Turn it on there, or use smtps:// with its port for that.",
    "邮件服务器不支持 TLS（STARTTLS），因此不会发送任何邮件。请在其上启用，或改用 smtps:// 及相应端口。",
  ),
  "bad-certificate": bad(
    "The mail server's certificate is not taken, and nothing is sent: it is for another name than KEEPSAKE_MAIL_SERVER says, past its time, or signed by nobody known. For an authority of your own, start with NODE_EXTRA_CA_CERTS=FILE.",
    "邮件服务器的证书无效，因此不会发送任何邮件：与 KEEPSAKE_MAIL_SERVER 中的名称不符、已过期，或签发者未知。若使用自建 CA，请以 NODE_EXTRA_CA_CERTS=文件 启动。",
  ),
  "no-login": bad(
    "The mail server does not take the name and password in KEEPSAKE_MAIL_SERVER.",
    "邮件服务器不接受 KEEPSAKE_MAIL_SERVER 中的用户名和密码。",
  ),
  refused: bad(
    "The mail server refuses this machine. Look at its log, and whether it takes mail from this address.",
    "邮件服务器拒绝本机连接。请查看其日志，并确认它是否接受来自本机地址的邮件。",
  ),
};

/** Whether mail can be sent, as far as that shows without sending any. */
export async function lookAtMail(mailServer: string): Promise<Told> {
  return told[await tryMailServer(mailServer)];
}
