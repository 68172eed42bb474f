import type { Deletion, SystemMeaning } from "../../../src/model/index.ts";
import { groupTitle, personName, sentence } from "../../history/words.ts";
import { accountOf } from "../names.ts";
import type { MadeContent, MakeContent, Scene } from "./made.ts";
import { cdata, escaped, tag } from "./xml.ts";

const plain: readonly ((name: string, scene: Scene) => readonly [words: string, meaning: SystemMeaning])[] = [
  (name) => [`"${name}"通过扫描二维码加入群聊`, "member.join"],
  (name) => [`"${name}"邀请你和别人加入了群聊`, "member.add"],
  (name) => [`你将"${name}"移出了群聊`, "member.remove"],
  (name) => [`"${name}"退出了群聊`, "member.leave"],
  (name, { random }) => [`"${name}"修改群名为“${groupTitle(random)}”`, "title.change"],
  (name) => [`"${name}" 拍了拍我`, "poke"],
  (name) => [`你已添加了${name}，现在可以开始聊天了。`, "contact.add"],
  () => ["以上是打招呼的内容", "notice"],
];

/** A notice in words. */
export const notice: MakeContent = (scene) => {
  const [words, meaning] = scene.random.pick(plain)(personName(scene.random), scene);
  return {
    type: 10000,
    text: words,
    says: { kind: "system", body: { text: words }, payload: { action: "wechat:notice", meaning } },
  };
};

/** A notice with a picture and a link in it. */
export const lightHtml: MakeContent = ({ random }) => {
  const [before, url] = [
    `  你领取了${personName(random)}的`,
    `weixin://weixinhongbao/opendetail?sendid=${random.next()}&sign=1`,
  ];
  return {
    type: 10000,
    text: `<img src="SystemMessages_HongbaoIcon.png"/>${before}<_wc_custom_link_ color="#FD9931" href="${escaped(url)}">红包</_wc_custom_link_>`,
    says: {
      kind: "system",
      body: { text: `${before}红包`, spans: [{ start: before.length, length: 2, type: "textLink", url }] },
      payload: { action: "wechat:notice", meaning: "payment" },
    },
  };
};

/** What stands where a message was taken back: as words, or with the id of the message. */
export function revoked(scene: Scene): MadeContent {
  const { random, isOwn, own, isGroup, isNamed, chat, server } = scene;
  const words = isOwn ? "你撤回了一条消息" : `"${scene.nameOf(scene.sender) ?? "某人"}" 撤回了一条消息`;
  const by = isOwn ? own : isGroup || !isNamed ? undefined : chat;
  const deletion: Deletion = {
    state: "revokedBySender",
    ...(by !== undefined && { by: accountOf(by) }),
  };
  const says = { kind: "deleted" as const, body: { text: words }, deletion };
  if (random.chance(0.5)) return { type: 10000, text: words, says };
  return {
    type: 10002,
    text: `<sysmsg type="revokemsg"><revokemsg>${tag("session", chat)}<msgid>${random.next()}</msgid><newmsgid>${server}</newmsgid><replacemsg>${cdata(words)}</replacemsg></revokemsg></sysmsg>`,
    says,
  };
}

/** One's own message that was taken back, with what it said. */
export const editable: MakeContent = ({ random, own }) => {
  const words = sentence(random);
  return {
    type: 10002,
    text: `<sysmsg type="editrevokecontent"><editrevokecontent><text>${cdata("你撤回了一条消息")}</text><link><scene>editrevokecontent</scene><text>${cdata("重新编辑")}</text><revokecontent>${cdata(words)}</revokecontent></link></editrevokecontent></sysmsg>`,
    says: {
      kind: "deleted",
      body: { text: words },
      deletion: { state: "revokedBySender", by: accountOf(own), contentRetained: true },
    },
  };
};

/** Somebody invites others: a template with names in it. */
export const template: MakeContent = (scene) => {
  const { random, people } = scene;
  const [actor, ...guests] = [random.pick(people), random.pick(people), random.pick(people)];
  const name = (user: string): string => scene.nameOf(user) ?? user;
  const member = (user: string): string =>
    `<member><username>${cdata(user)}</username><nickname>${cdata(name(user))}</nickname></member>`;
  const link = (of: string, users: readonly string[], more = ""): string =>
    `<link name="${of}" type="link_profile"><memberlist>${users.map(member).join("")}</memberlist>${more}</link>`;
  const links = `${link("username", [actor!])}${link("names", guests, `<separator>${cdata("、")}</separator>`)}<link name="revoke" type="link_revoke" hidden="1"><title>撤销</title></link>`;
  const spans: { start: number; length: number; type: "mention"; account: string }[] = [];
  let words = "";
  const say = (more: string): void => void (words += more);
  const mention = (user: string): void => {
    spans.push({ start: words.length, length: name(user).length, type: "mention", account: accountOf(user) });
    say(name(user));
  };
  say('"');
  mention(actor!);
  say('"邀请"');
  for (const [i, guest] of guests.entries()) {
    if (i > 0) say("、");
    mention(guest);
  }
  say('"加入了群聊');
  return {
    type: 10002,
    text: `<sysmsg type="sysmsgtemplate"><sysmsgtemplate><content_template type="tmpl_type_profilewithrevoke"><plain></plain><template>${cdata('"$username$"邀请"$names$"加入了群聊$revoke$')}</template><link_list>${links}</link_list></content_template></sysmsgtemplate></sysmsg>`,
    says: {
      kind: "system",
      body: { text: words, spans },
      payload: {
        action: "wechat:sysmsgtemplate",
        meaning: "member.add",
        actor: accountOf(actor!),
        actorName: name(actor!),
        targets: guests.map(accountOf),
        targetNames: guests.map(name),
      },
    },
  };
};

export const members: MakeContent = (scene) => {
  const user = scene.random.pick(scene.people);
  const words = `你邀请"${scene.nameOf(user) ?? user}"加入了群聊  `;
  return {
    type: 10002,
    text: `<sysmsg type="delchatroommember"><delchatroommember><plain>${cdata(words)}</plain><text>${cdata(words)}</text><link><scene>invite</scene><text>撤销</text><memberlist><username>${cdata(user)}</username></memberlist></link></delchatroommember></sysmsg>`,
    says: {
      kind: "system",
      body: { text: words },
      payload: { action: "wechat:delchatroommember", meaning: "member.add", targets: [accountOf(user)] },
    },
  };
};

export const payNotice: MakeContent = () => ({
  type: 10002,
  text: `<sysmsg type="paymsg"><paymsg><PayMsgType>9</PayMsgType><content>${cdata('你的<a href="https://example.org/pay">转账</a>已被接收')}</content></paymsg></sysmsg>`,
  says: {
    kind: "system",
    body: {
      text: "你的转账已被接收",
      spans: [{ start: 2, length: 2, type: "textLink", url: "https://example.org/pay" }],
    },
    payload: { action: "wechat:paymsg", meaning: "payment" },
  },
});

/** Somebody pats somebody: as a notice, or as an app message. */
export const pat =
  (type: 10002 | 49): MakeContent =>
  (scene) => {
    const { random, people, chat, own } = scene;
    const [from, to] = [random.pick(people), random.chance(0.5) ? own : random.pick(people)];
    const name = (user: string): string => scene.nameOf(user) ?? user;
    const words = `"\${${from}}" 拍了拍 "\${${to}}"`;
    const notices = `<sysmsg type="pat"><pat>${tag("fromusername", from)}${tag("chatusername", chat)}${tag("pattedusername", to)}<patsuffix/><template>${cdata(words.replace('"', `"\${${from}@textstatusicon}`))}</template></pat></sysmsg>`;
    const app = `<msg><appmsg appid="" sdkver="0"><title/><type>62</type><patMsg>${tag("chatUser", chat)}<records><recordNum>1</recordNum><record>${tag("fromUser", from)}${tag("pattedUser", to)}<templete>${cdata(words)}</templete><createTime>${scene.sentSeconds}</createTime><svrId>${scene.server}</svrId></record></records></patMsg></appmsg></msg>`;
    return {
      type,
      text: type === 49 ? app : notices,
      says: {
        kind: "system",
        body: { text: `"${name(from)}" 拍了拍 "${name(to)}"` },
        payload: { action: "wechat:pat", meaning: "poke", actor: accountOf(from), targets: [accountOf(to)] },
      },
    };
  };

/** A notice to the app alone. */
export const silent: MakeContent = ({ random }) => ({
  type: 10002,
  text: `<sysmsg type="dynacfg"><dynacfg><expt>${random.below(99)}</expt></dynacfg></sysmsg>`,
  says: { kind: "system", payload: { action: "wechat:dynacfg", meaning: "notice" } },
});

/** Types 64 and 9999: notices as JSON. */
export const json =
  (type: 64 | 9999): MakeContent =>
  ({ random }) => {
    const words = `${personName(random)} 发起了语音通话`;
    return {
      type,
      text: JSON.stringify({ msgContent: words, roomId: String(random.next()) }),
      says: {
        kind: "system",
        body: { text: words },
        payload:
          type === 64
            ? { action: "wechat:group_call", meaning: "call" }
            : { action: "wechat:notice", meaning: "notice" },
      },
    };
  };
