import { accountId } from "../../../model/index.ts";

/** The scheme of ids that the server gives to messages. */
export const serverScheme: string = "wechat.server";

export function isGroup(userName: string): boolean {
  return /@(?:im\.)?chatroom$/.test(userName);
}

/** The account of a user name, a group's included. */
export function accountOf(userName: string): string {
  return accountId({ platform: "wechat", kind: isGroup(userName) ? "group" : "wxid", value: userName });
}
