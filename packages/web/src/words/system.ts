import { both } from "../state/language.ts";

/** Who did something, to whom, and what it is called; each as it is shown, whom with commas between. */
interface Happening {
  readonly who: string | undefined;
  readonly whom: string | undefined;
  readonly title: string | undefined;
}

/** A sentence, or undefined where too little is known for one. */
type Sentence = (happening: Happening) => string | undefined;

/** Sentences that need to know who did it. */
const by =
  (say: (who: string, rest: Happening) => string): Sentence =>
  (happening) =>
    happening.who === undefined ? undefined : say(happening.who, happening);

/** What the app says of what happened, by its meaning. */
export const happenings = both<Readonly<Record<string, Sentence>>>({
  zh: {
    "chat.create": by((who, { title }) => `${who}创建了群聊${title === undefined ? "" : `“${title}”`}`),
    "chat.migrate": () => "群聊已升级",
    "chat.clear": by((who) => `${who}清空了聊天记录`),
    "member.add": by((who, { whom }) =>
      whom === undefined ? `${who}加入了群聊` : `${who}邀请${whom}加入了群聊`,
    ),
    "member.remove": by((who, { whom }) =>
      whom === undefined || whom === who ? `${who}退出了群聊` : `${who}将${whom}移出了群聊`,
    ),
    "member.join": by((who) => `${who}加入了群聊`),
    "member.leave": by((who) => `${who}退出了群聊`),
    "member.role": by((who, { whom }) =>
      whom === undefined ? `${who}调整了成员身份` : `${who}调整了${whom}的成员身份`,
    ),
    "title.change": by((who, { title }) =>
      title === undefined ? `${who}修改了群名` : `${who}将群名改为“${title}”`,
    ),
    "description.change": by((who) => `${who}修改了群简介`),
    "avatar.change": by((who) => `${who}更换了头像`),
    "theme.change": by((who) => `${who}更换了聊天背景`),
    "message.pin": by((who) => `${who}置顶了一条消息`),
    "message.unpin": by((who) => `${who}取消了置顶消息`),
    "message.revoke": by((who) => `${who}撤回了一条消息`),
    call: by((who, { whom }) => (whom === undefined ? `${who}发起了群通话` : `${who}邀请${whom}加入通话`)),
    "ttl.change": by((who) => `${who}修改了消息自动清除的时间`),
    "number.change": by((who) => `${who}更换了号码`),
    "contact.add": by((who) => `${who}和您成为了联系人`),
    "contact.join": by((who) => `${who}开始使用这个应用`),
    "topic.create": by((who, { title }) => `${who}新建了话题${title === undefined ? "" : `“${title}”`}`),
    "topic.edit": by((who) => `${who}修改了话题`),
    poke: by((who, { whom }) => (whom === undefined ? `${who}拍了拍` : `${who}拍了拍${whom}`)),
    screenshot: by((who) => `${who}截了屏`),
  },
  en: {
    "chat.create": by((who, { title }) =>
      title === undefined ? `${who} created the group` : `${who} created the group “${title}”`,
    ),
    "chat.migrate": () => "The group became a larger one",
    "chat.clear": by((who) => `${who} cleared the chat`),
    "member.add": by((who, { whom }) =>
      whom === undefined ? `${who} joined the group` : `${who} added ${whom} to the group`,
    ),
    "member.remove": by((who, { whom }) =>
      whom === undefined || whom === who ? `${who} left the group` : `${who} removed ${whom} from the group`,
    ),
    "member.join": by((who) => `${who} joined the group`),
    "member.leave": by((who) => `${who} left the group`),
    "member.role": by((who, { whom }) =>
      whom === undefined ? `${who} changed a member’s role` : `${who} changed the role of ${whom}`,
    ),
    "title.change": by((who, { title }) =>
      title === undefined ? `${who} renamed the group` : `${who} renamed the group “${title}”`,
    ),
    "description.change": by((who) => `${who} changed the description`),
    "avatar.change": by((who) => `${who} changed the picture`),
    "theme.change": by((who) => `${who} changed the background`),
    "message.pin": by((who) => `${who} pinned a message`),
    "message.unpin": by((who) => `${who} unpinned a message`),
    "message.revoke": by((who) => `${who} took back a message`),
    call: by((who, { whom }) =>
      whom === undefined ? `${who} started a group call` : `${who} invited ${whom} to a call`,
    ),
    "ttl.change": by((who) => `${who} changed after how long messages go away`),
    "number.change": by((who) => `${who} has another number`),
    "contact.add": by((who) => `${who} became your contact`),
    "contact.join": by((who) => `${who} joined the app`),
    "topic.create": by((who, { title }) =>
      title === undefined ? `${who} began a topic` : `${who} began the topic “${title}”`,
    ),
    "topic.edit": by((who) => `${who} changed a topic`),
    poke: by((who, { whom }) => (whom === undefined ? `${who} gave a nudge` : `${who} nudged ${whom}`)),
    screenshot: by((who) => `${who} took a screenshot`),
  },
});
