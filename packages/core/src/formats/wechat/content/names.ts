import { accountId } from "../../../model/index.ts";

/** The scheme of ids that the server gives to messages. */
export const serverScheme: string = "wechat.server";

/** The account of a user name, a group's included. */
export function accountOf(userName: string): string {
  const isGroup = /@(?:im\.)?chatroom$/.test(userName);
  return accountId({ platform: "wechat", kind: isGroup ? "group" : "wxid", value: userName });
}
