import { randomOf, type Random } from "../../history/random.ts";
import { personName, sentence, title } from "../../history/words.ts";
import { accountOf } from "../names.ts";
import type { MadeContent, MakeContent, Scene } from "./made.ts";
import { attributes, cdata, escaped, hex, tag } from "./xml.ts";

const signed = (random: Random): string =>
  `<alnode><inlenlist>${random.below(400)}</inlenlist></alnode><silence>0</silence><membercount>${3 + random.below(200)}</membercount><signature>V1_${hex(random, 8)}|v1_${hex(random, 8)}</signature>`;

/** Words; in groups some name others, which stands beside the row. */
export const text: MakeContent = (scene) => {
  const { random, isGroup, people } = scene;
  const words = sentence(random);
  const says = { kind: "text" as const };
  if (!isGroup || scene.isOwn || !random.chance(0.04)) {
    const beside =
      isGroup && random.chance(0.2) ? { source: `<msgsource>${signed(random)}</msgsource>` } : {};
    return { type: 1, text: words, ...beside, says: { ...says, body: { text: words } } };
  }
  const named = random.chance(0.1) ? "notify@all" : random.pick(people);
  const called = `@${scene.nameOf(named) ?? "所有人"} ${words}`;
  return {
    type: 1,
    text: called,
    source: `<msgsource><atuserlist>${cdata(random.chance(0.5) ? `,${named}` : named)}</atuserlist>${signed(random)}</msgsource>`,
    says: {
      ...says,
      body: { text: called },
      mentions: [named === "notify@all" ? { all: true } : { account: accountOf(named) }],
    },
  };
};

export const emptyText: MakeContent = () => ({ type: 1, text: "", says: { kind: "text" } });

export const location: MakeContent = ({ random, sender }) => {
  const latitude = `31.${String(random.below(1_000_000)).padStart(6, "0")}`;
  const longitude = `121.${String(random.below(1_000_000)).padStart(6, "0")}`;
  const [name, address] = [title(random), title(random)];
  const about = attributes({
    x: latitude,
    y: longitude,
    scale: 16,
    label: address,
    maptype: "roadmap",
    poiname: name,
  });
  return {
    type: 48,
    text: `<?xml version="1.0"?>\n<msg>\n\t<location ${about} poiid="" fromusername="${sender}" />\n</msg>\n`,
    says: { kind: "location", payload: { latitude, longitude, title: name, address } },
  };
};

/** Type 42, and 66 for people at companies. */
export const contactCard =
  (type: 42 | 66): MakeContent =>
  ({ random }) => {
    const name = `${personName(random)} <3 & co`;
    const user = type === 66 ? `${25_984_000 + random.below(999)}@openim` : `wxid_${hex(random, 14)}`;
    const sign = random.chance(0.5) ? title(random) : undefined;
    const about = attributes({
      bigheadimgurl: `http://wx.qlogo.cn/mmhead/${hex(random, 32)}/0`,
      username: user,
      nickname: name,
      fullpy: "",
      shortpy: "",
      alias: "",
      imagestatus: 3,
      scene: 17,
      province: "Shanghai",
      city: "",
      sign: sign ?? "",
      sex: random.below(3),
      certflag: 0,
      antispamticket: `v4_${hex(random, 64)}@stranger`,
    });
    return {
      type,
      text: `<?xml version="1.0"?>\n<msg ${about} />\n`,
      says: {
        kind: "contact",
        payload: { name, account: accountOf(user), ...(sign !== undefined && { note: sign }) },
      },
    };
  };

export const mail: MakeContent = ({ random }) => {
  const [subject, digest, sender] = [title(random), sentence(random), personName(random)];
  return {
    type: 35,
    text: `<msg><pushmail><content><subject>${cdata(subject)}</subject>${tag("digest", digest)}${tag("sender", sender)}</content></pushmail></msg>`,
    says: {
      kind: "card",
      payload: {
        type: "mail",
        title: subject,
        description: digest,
        fields: [{ name: "sender", value: sender }],
      },
    },
  };
};

/** Type 37, and 40 where WeChat proposes somebody. */
export const friendRequest =
  (type: 37 | 40): MakeContent =>
  ({ random }) => {
    const [user, name, words] = [`wxid_${hex(random, 14)}`, personName(random), title(random)];
    const about = attributes({
      fromusername: user,
      encryptusername: `v3_${hex(random, 64)}@stranger`,
      fromnickname: name,
      content: words,
      ticket: `v4_${hex(random, 64)}@stranger`,
      scene: 30,
    });
    return {
      type,
      text: `<msg ${about} />`,
      says: {
        kind: "system",
        body: { text: words },
        payload: {
          action: type === 37 ? "wechat:friend_request" : "wechat:possible_friend",
          meaning: "contact.add",
          actor: accountOf(user),
          actorName: name,
        },
      },
    };
  };

const outcomes = [
  ["已取消", "cancelled"],
  ["对方已拒绝", "declined"],
  ["对方无应答", "missed"],
  ["忙线未接听", "busy"],
] as const;

/** A call in the form that phones write now. */
export const call: MakeContent = ({ random }) => {
  const isVideo = random.chance(0.4);
  const media = isVideo ? "video" : "voice";
  const seconds = random.chance(0.6) ? 1 + random.below(5000) : undefined;
  const [words, result] =
    seconds === undefined ? random.pick(outcomes) : ([`通话时长 ${clock(seconds)}`, "answered"] as const);
  return {
    type: 50,
    text: `<voipmsg type="VoIPBubbleMsg"><VoIPBubbleMsg><msg>${cdata(words)}</msg><room_type>${isVideo ? 0 : 1}</room_type><red_dot>false</red_dot><roomid>${random.next()}</roomid><identity>${random.next()}</identity><invite_id>${random.next()}</invite_id><msg_type>100</msg_type><duration>0</duration></VoIPBubbleMsg></voipmsg>`,
    says: {
      kind: "call",
      body: { text: words },
      payload: { media, result, ...(seconds !== undefined && { durationMs: seconds * 1000 }) },
    },
  };
};

function clock(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const [minutes, rest] = [Math.floor(seconds / 60), two(seconds % 60)];
  return minutes < 60
    ? `${two(minutes)}:${rest}`
    : `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${rest}`;
}

/** A call as phones wrote it before; 53 for an invitation. */
export const oldCall =
  (type: 50 | 53): MakeContent =>
  ({ random }) => {
    const isVideo = random.chance(0.5);
    const seconds = random.chance(0.5) ? 1 + random.below(600) : 0;
    return {
      type,
      text: `<voipinvitemsg><roomid>${random.next()}</roomid><key>${random.next()}</key><status>1</status><invitetype>${isVideo ? 0 : 1}</invitetype></voipinvitemsg><voipextinfo><recvtime>1</recvtime></voipextinfo><voiplocalinfo><wordingtype>4</wordingtype><duration>${seconds}</duration></voiplocalinfo>`,
      says: {
        kind: "call",
        payload: {
          media: isVideo ? "video" : "voice",
          ...(seconds > 0 && { result: "answered" as const, durationMs: seconds * 1000 }),
        },
      },
    };
  };

/** What phones and computers tell each other: nothing to a person. */
export const status: MakeContent = ({ random, chat }) => ({
  type: 51,
  text: `<msg>\n<op id='${1 + random.below(9)}'>\n<username>${chat}</username>\n</op>\n</msg>`,
  says: { kind: "system", payload: { action: "wechat:status_notify" } },
});

export const callNotice: MakeContent = () => ({
  type: 52,
  text: "<voipnotify/>",
  says: { kind: "system", payload: { action: "wechat:call_notify", meaning: "call" } },
});

/** A type that no version of today writes: kept word for word. */
export const unknown =
  (type: number): MakeContent =>
  ({ random }: Scene): MadeContent => {
    const words = escaped(sentence(randomOf(random.next(), "later")));
    return {
      type,
      text: `<msg><hologram scale="${random.below(99)}"><caption>${words}</caption></hologram></msg>`,
      says: { kind: "unknown", payload: { sourceType: String(type) } },
    };
  };
