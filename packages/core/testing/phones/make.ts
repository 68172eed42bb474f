import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { textToBytes } from "../../src/base/index.ts";
import { makeBackup, type MadeBackupOptions } from "../apple/backup.ts";
import { weChatFiles, type PhoneWeChat } from "../wechat/phone.ts";

/*
 * Writes phones.json: backups of an invented phone, plain and protected, which browsers cannot make themselves. Each is
 * its files by path, gzip in base64.
 */

const at = 1_700_000_000;
const picture = '<msg><img length="9" cdnthumbwidth="90" cdnthumbheight="120"/></msg>';
const quote =
  "<msg><appmsg><title>好的</title><type>57</type><refermsg><type>1</type><svrid>11</svrid><fromusr>wxid_uncle</fromusr><displayname>大舅</displayname><content>周末回来吗</content></refermsg></appmsg></msg>";

const phone: PhoneWeChat = {
  userName: "wxid_li",
  nickname: "小李",
  contacts: [
    { userName: "wxid_mum", nickname: "兰", remark: "妈妈", avatar: textToBytes("her picture") },
    {
      userName: "12345678901@chatroom",
      nickname: "一家人",
      members: { wxid_li: "老二", wxid_uncle: "大舅" },
    },
  ],
  chats: [
    {
      userName: "wxid_mum",
      rows: [
        { number: 1, server: 2n ** 62n + 1n, sentSeconds: at, type: 1, text: "吃饭了吗" },
        { number: 2, server: 2n, sentSeconds: at + 60, isOwn: true, type: 1, text: "吃了" },
        { number: 3, server: 3n, sentSeconds: at + 120, type: 3, text: picture },
      ],
      files: { "Img/3.pic": textToBytes("a picture") },
    },
    {
      userName: "12345678901@chatroom",
      database: 2,
      rows: [
        { number: 1, server: 11n, sentSeconds: at, type: 1, text: "wxid_uncle:\n周末回来吗" },
        { number: 2, server: 12n, sentSeconds: at + 5, type: 49, isOwn: true, text: quote },
        { number: 3, sentSeconds: at + 9, type: 12345, text: "<future>1</future>" },
      ],
    },
  ],
};

const kinds: Readonly<Record<string, MadeBackupOptions>> = {
  plain: {},
  protected: { protection: { password: "备份密码", rounds: 20, firstRounds: 20 } },
};

function packed(options: MadeBackupOptions): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-phones-"));
  makeBackup(folder, weChatFiles([phone]), options);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const files = entries.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(folder.length + 1), gzipSync(readFileSync(path)).toString("base64")] as const;
  });
  rmSync(folder, { recursive: true });
  return Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const made = Object.fromEntries(Object.entries(kinds).map(([name, options]) => [name, packed(options)]));
writeFileSync(fileURLToPath(new URL("./phones.json", import.meta.url)), `${JSON.stringify(made, null, 1)}\n`);
