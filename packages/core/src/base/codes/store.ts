import type { CodeEntry } from "./entry.ts";

export type StoreCode =
  | "store.not-found"
  | "store.exists"
  | "store.unavailable"
  | "store.full"
  | "store.bad-name"
  | "store.bad-address"
  | "store.bad-answer"
  | "store.wrong-key"
  | "store.denied"
  | "store.no-bucket"
  | "store.wrong-region"
  | "store.unsafe";

export const storeCodes: Readonly<Record<StoreCode, CodeEntry>> = {
  "store.not-found": {
    en: "An object is missing from the store. Run check, then repair from a second copy.",
    zh: "存储中缺少一个对象。请先运行 check，再用第二份副本运行 repair。",
    exit: 4,
    http: 404,
  },
  "store.exists": {
    en: "An object of that name is already in the store and is different.",
    zh: "存储中已有同名但内容不同的对象。",
    exit: 13,
    http: 409,
  },
  "store.unavailable": {
    en: "The store cannot be reached now. Check the disk or the connection and run the command again.",
    zh: "现在无法访问存储。请检查磁盘或网络后重新运行该命令。",
    exit: 5,
    http: 503,
  },
  "store.full": {
    en: "The store is full. Free some space or choose another store, then run the command again.",
    zh: "存储已满。请腾出空间或换一个存储后重新运行。",
    exit: 6,
    http: 507,
  },
  "store.bad-name": {
    en: "A store was asked for a name that no vault uses.",
    zh: "请求的名称不是任何保险库会使用的名称。",
    exit: 1,
    http: 400,
  },
  "store.bad-address": {
    en: "The address of the store is not in order. It looks like s3://BUCKET/FOLDER?endpoint=https://HOST&region=REGION, in quotes, and never holds a key.",
    zh: "存储地址有误。应形如 s3://存储桶/目录?endpoint=https://主机&region=地域，需加引号，且不得包含密钥。",
    exit: 2,
    http: 400,
  },
  "store.bad-answer": {
    en: "What answers at the store's address does not answer as an S3 service does. Check the endpoint in the address, and whether the network asks for a login first.",
    zh: "该存储地址的响应不像 S3 服务。请检查地址中的 endpoint，以及网络是否需要先登录。",
    exit: 5,
    http: 502,
  },
  "store.wrong-key": {
    en: "The storage service does not accept this access key. Check both of its parts, or make a new one at the provider, and name its file with --s3-credentials-file.",
    zh: "存储服务不接受这个访问密钥。请核对密钥的两部分，或在服务商处新建，并用 --s3-credentials-file 指定其文件。",
    exit: 12,
    http: 403,
  },
  "store.denied": {
    en: "The access key may not do this in the bucket. Give it the permissions to list, read, write and delete that SECURITY.md lists.",
    zh: "该访问密钥无权在此存储桶中进行此操作。请授予 SECURITY.md 中列出的列举、读取、写入、删除权限。",
    exit: 12,
    http: 403,
  },
  "store.no-bucket": {
    en: "There is no bucket of this name at the service. Make it at the provider, or correct the address.",
    zh: "该服务中没有这个名称的存储桶。请在服务商处新建，或更正地址。",
    exit: 4,
    http: 404,
  },
  "store.wrong-region": {
    en: "The bucket lies in another region. Write that region, and its endpoint, into the address.",
    zh: "该存储桶位于另一个地域。请在地址中写明正确的 region 和 endpoint。",
    exit: 2,
    http: 400,
  },
  "store.unsafe": {
    en: "This storage service does not refuse a second object under a taken name, so that two devices could overwrite each other. Turn versioning off if the bucket has it, or choose another service or a folder.",
    zh: "该存储服务不会拒绝同名的第二个对象，两台设备可能互相覆盖。若存储桶开启了版本控制请关闭，或换一个服务，或使用文件夹。",
    exit: 13,
    http: 409,
  },
};
