import { both } from "../../state/language.ts";

/** Becoming a member. */
export const signUp = both({
  zh: {
    signUpTitle: "第一步：取名字，设密码",
    nicknameHint: "以后用它登录。可以用邮箱、手机号，或任何好记的名字。",
    passwordHint: "至少 8 个字符。用来登录，并解锁这个浏览器；它打不开别处的聊天记录。",
    invitation: "邀请码",
    invitationHint: "这台服务器只接纳受邀请的人，请向它的管理者索取。",
  },
  en: {
    signUpTitle: "Step 1: a name and a password",
    nicknameHint: "You log in with it. An e-mail address, a number, or any name you can remember.",
    passwordHint:
      "At least 8 characters. It logs you in and unlocks this browser; it opens your history nowhere else.",
    invitation: "Invitation",
    invitationHint: "This server takes people who were invited. Ask the person who runs it.",
  },
});
