/** What `keepsake-server help` says. */
export const helpText: { readonly en: string; readonly zh: string } = {
  en: `keepsake-server [verb]      settings come from the environment: packages/server/README.md

  serve             serve (also without a verb)
  guard             be a guard of passwords, apart from any server
  gateway           be the one address of several cells, and keep which of them has a name
  backup FOLDER     copy database and objects of an embedded server to a folder, while it runs;
                    again and again to the same one. Secrets and day keys are not in it: it says how to copy them
  restore FOLDER    put such a copy into an empty data folder, before the first start there
  database status   the steps of the tables, and which were done
  database up       do those that are open, or up to one: --to N. Starting does so too
  database down --to N
                    undo those after N, the last first; says what is lost, and wants --yes
  move              move a stopped server to other parts, such as PostgreSQL and S3: settings of the new
                    ones are KEEPSAKE_TO_DATA, _TO_POSTGRES, _TO_OBJECTS, ...; goes on where it was cut off
  member close ID   end a membership in seven days, in which its devices and contacts are told
  member keep ID    take that back
  member hold ID    remove nothing of a member for want of payment or of use; member release ID ends that
  member export ID --to FOLDER
                    all that the server holds about a member, for lawful requests; chats stay sealed
  objects adopt     after a restore from an older copy of the database, where the log says not-our-objects:
                    these objects are this database's, and no other server's
  day-keys renew    where the folder of day keys that belongs to the database is lost for good: go on with the one
                    that is named; says how many tokens are lost, and wants --yes
  log [--verify]    what operators did; with --verify every entry is checked against the one before
  doctor            look at database, secrets, day keys, objects, disk, address and clock, and say what to do
  help              this

Members, invitations and quotas: keepsake operator ADDRESS
`,
  zh: `keepsake-server [动词]      设置来自环境变量，见 packages/server/README.md

  serve             启动服务（不写动词也一样）
  guard             作为独立的密码守卫运行
  gateway           作为多个单元的统一入口运行，并记录名称属于哪个单元
  backup 文件夹     在运行时把单机服务器的数据库和对象复制到文件夹，可反复写入同一处；
                    其中不含服务器密钥和日密钥，结束时会说明如何复制
  restore 文件夹    首次启动之前，把这样的副本放回空的数据文件夹
  database status   数据库结构的各个步骤，以及哪些已执行
  database up       执行未执行的步骤，或执行到某一步：--to N；启动时也会执行
  database down --to N
                    撤销 N 之后的步骤，从最后一步开始；先列出会失去什么，加 --yes 才执行
  move              把已停止的服务器迁移到别处，例如 PostgreSQL 和 S3；新位置的设置为
                    KEEPSAKE_TO_DATA、_TO_POSTGRES、_TO_OBJECTS 等；中断后可继续
  member close 编号 七天后注销成员，期间通知其设备和联系方式
  member keep 编号  取消注销
  member hold 编号  不因未付费或闲置移除此成员的任何内容；member release 编号 取消
  member export 编号 --to 文件夹
                    导出服务器持有的该成员全部数据，用于合法请求；聊天内容仍为密文
  objects adopt     用较早的数据库副本恢复后，若日志出现 not-our-objects：
                    声明这些对象归此数据库所有，而不归其他服务器
  day-keys renew    数据库原有的日密钥文件夹已无法找回时，改用当前指定的文件夹；
                    先列出丢失的令牌数，加 --yes 才执行
  log [--verify]    管理员的操作记录；加 --verify 逐条校验
  doctor            检查数据库、密钥、日密钥、对象、磁盘、地址和时钟，并说明该怎么做
  help              显示本说明

成员、邀请码和可用空间：keepsake operator 地址
`,
};
