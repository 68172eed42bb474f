import { md5 as digest } from "@noble/hashes/legacy.js";
import { bytesToHex, textToBytes } from "../../src/base/index.ts";
import { accountId } from "../../src/model/index.ts";

/** How WeChat names folders and tables after user names. */
export function md5(text: string): string {
  return bytesToHex(digest(textToBytes(text)));
}

/** The number of the label under which the owner files somebody, and what it is called. */
export function labelOf(userName: string): { readonly number: string; readonly name: string } | undefined {
  return md5(userName) < "4" ? { number: "18", name: "同事" } : undefined;
}

/** The account that a user name stands for. */
export function accountOf(userName: string): string {
  const kind = userName.endsWith("@chatroom") ? "group" : "wxid";
  return accountId({ platform: "wechat", kind, value: userName });
}
