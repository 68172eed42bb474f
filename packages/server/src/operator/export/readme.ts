/** What lies beside an export, for whoever opens it years later. */
export const readme = `# Everything that a Keepsake server holds about one member

- \`rows/\`: the rows of the server's tables that are this member's, one JSON object a line. Times are milliseconds since 1970, UTC. Contacts are in \`rows/contact.jsonl\` as the server knows them; a name is a keyed hash, which the server cannot turn back.
- \`objects/\`: the member's stored objects, exactly as they lie at the server; \`trash/\` those that were removed and not yet swept. They are sealed by keys that the server never had. Neither the server nor its operator can open them, and nothing in this folder helps to.
- \`manifest.json\`: every file with its length and SHA-256; objects that were missing; columns that were left out because they are keys of the service, by which somebody could log in as the member.

# 服务器所持有的某位成员的全部数据

- \`rows/\`：服务器各数据表中属于该成员的行，每行一个 JSON 对象。时间为 1970 年以来的毫秒数（UTC）。联系方式在 \`rows/contact.jsonl\` 中，与服务器所知一致；名称只有带密钥的散列值，服务器无法还原。
- \`objects/\`：该成员存放的对象，与服务器上完全相同；\`trash/\` 为已删除但尚未清除的对象。它们由服务器从未持有的密钥加密，服务器和管理员都无法打开，本文件夹中的任何内容也无助于打开。
- \`manifest.json\`：每个文件的长度和 SHA-256、缺失的对象，以及未包含的列（它们是服务密钥，可被用来冒充该成员登录）。
`;
