import type { Attachment } from "../../../src/model/index.ts";
import { personName, sentence, title } from "../../history/words.ts";
import { sorts, type MadeFile, type MakeContent, type Scene } from "./made.ts";
import { appMessage, cdata, escaped, hex, tag } from "./xml.ts";

/** The picture on a card whose address is known, or that lies beside the message. */
function preview(about: Omit<Attachment, "state" | "kind" | "role">): MadeFile {
  return {
    about: { kind: "image", role: "preview", ...about },
    place: "OpenData/#.pic_thum",
    sort: sorts.thumb,
    ...(about.ref === undefined ? { otherwise: "missing", isOptional: true } : { otherwise: "remoteOnly" }),
  };
}

/** A picture that lies nowhere but at an address. */
function remote(ref: string, size: { width?: number; height?: number } = {}): MadeFile {
  return { about: { kind: "image", role: "preview", ...size, ref }, otherwise: "remoteOnly" };
}

function page({ random }: Scene) {
  const host = random.chance(0.7) ? "mp.weixin.qq.com" : "example.org";
  const url = `https://${host}/s?__biz=${hex(random, 16)}&mid=${random.next()}&idx=1&sn=${hex(random, 32)}#rd`;
  return {
    url,
    title: title(random),
    description: sentence(random),
    siteName: `${personName(random)}日报`,
    picture: `https://mmbiz.qpic.cn/mmbiz_jpg/${hex(random, 64)}/300?wx_fmt=jpeg`,
  };
}

const pageTags = ({ title: words, description, url }: ReturnType<typeof page>): string =>
  tag("title", words) + tag("des", description) + tag("url", url);

/** Words that an app shared. */
export const textShare: MakeContent = ({ random, sender }) => {
  const words = sentence(random);
  return {
    type: 49,
    text: appMessage({ type: 1, tags: tag("title", words), from: sender }),
    says: { kind: "text", body: { text: words } },
  };
};

/** Types 5 and 4. */
export const link =
  (type: 4 | 5): MakeContent =>
  (scene) => {
    const { url, title: words, description, siteName, picture } = page(scene);
    const size = { sizeBytes: 3000 + scene.random.below(9000), width: 120, height: 120 };
    return {
      type: 49,
      text: appMessage({
        type,
        tags: `${pageTags({ url, title: words, description, siteName, picture })}${tag("thumburl", picture)}`,
        attach: `<cdnthumblength>${size.sizeBytes}</cdnthumblength><cdnthumbheight>120</cdnthumbheight><cdnthumbwidth>120</cdnthumbwidth>`,
        appName: siteName,
        from: scene.sender,
      }),
      says: { kind: "link", payload: { url, title: words, description, siteName } },
      files: [preview({ ...size, ref: picture })],
    };
  };

/** Articles that an official account sends to all who follow it. */
export const push: MakeContent = (scene) => {
  const { random, sender } = scene;
  const articles = Array.from({ length: 1 + random.below(5) }, () => page(scene));
  const name = `${personName(random)}社`;
  const items = articles.map(
    ({ title: words, url, description, picture }) =>
      `<item><itemshowtype>0</itemshowtype><title>${cdata(words)}</title><url>${cdata(url)}</url><shorturl/><longurl/><pub_time>${scene.sentSeconds}</pub_time><cover>${cdata(picture)}</cover><tweetid/><digest>${cdata(description)}</digest><fileid>${random.next()}</fileid><sources><source><name>${cdata(name)}</name></source></sources><styles/><native_url/><del_flag>0</del_flag><comment_topic_id>${random.next()}</comment_topic_id><play_length>0</play_length></item>`,
  );
  const titles = articles.map(({ title: words }) => words);
  const spans = articles.map(({ title: words, url }, i) => {
    const start = titles.slice(0, i).reduce((sum, { length }) => sum + length + 1, 0);
    return { start, length: words.length, type: "textLink" as const, url };
  });
  const [first] = articles;
  return {
    type: 49,
    text: appMessage({
      type: 5,
      tags: `${tag("title", first!.title)}<mmreader><category type="20" count="${items.length}">${tag("name", name)}<topnew/>${items.join("")}</category><publisher>${tag("username", sender)}${tag("nickname", name)}</publisher></mmreader>`,
      appName: name,
      from: sender,
    }),
    says: {
      kind: "post",
      body: { text: titles.join("\n"), spans },
      payload: { type: "post", authorName: name, text: first!.description, url: first!.url },
    },
    files: articles.map(({ picture }) => remote(picture)),
  };
};

/** Types 3, 76 and 92. */
export const music =
  (type: 3 | 76 | 92): MakeContent =>
  (scene) => {
    const { url, title: words, siteName, picture } = page(scene);
    const performer = personName(scene.random);
    const [soundUrl, lyrics] = [
      `https://example.org/${hex(scene.random, 12)}.mp3`,
      `[00:01.0]${words}\n[00:05.0]la`,
    ];
    return {
      type: 49,
      text: appMessage({
        type,
        tags: `${pageTags({ url, title: words, description: performer, siteName, picture })}${tag("dataurl", soundUrl)}${tag("songalbumurl", picture)}<songlyric>${cdata(lyrics)}</songlyric>`,
        appName: siteName,
        from: scene.sender,
      }),
      says: { kind: "music", payload: { title: words, performer, url, soundUrl, lyrics } },
      files: [preview({ ref: picture })],
    };
  };

/** Types 33 and 36. */
export const miniProgram =
  (type: 33 | 36): MakeContent =>
  (scene) => {
    const { random, sender } = scene;
    const { url, title: words, siteName } = page(scene);
    const [appId, user, path] = [
      `wx${hex(random, 16)}`,
      `gh_${hex(random, 12)}@app`,
      `pages/a.html?x=${random.next()}&y=2`,
    ];
    const size = { sizeBytes: 3000 + random.below(90_000), width: 720, height: 576 };
    return {
      type: 49,
      text: appMessage({
        type,
        tags: `${tag("title", words)}${tag("des", undefined)}${tag("url", url)}${tag("sourcedisplayname", siteName)}<weappinfo>${tag("username", user)}${tag("appid", appId)}<type>2</type><version>${random.below(99)}</version><weappiconurl>${cdata(`http://mmbiz.qpic.cn/${hex(random, 64)}/640`)}</weappiconurl>${tag("pagepath", path)}<shareId>${cdata(`0_${appId}_${hex(random, 32)}`)}</shareId><appservicetype>0</appservicetype></weappinfo>`,
        attach: `<cdnthumblength>${size.sizeBytes}</cdnthumblength><cdnthumbheight>576</cdnthumbheight><cdnthumbwidth>720</cdnthumbwidth>`,
        from: sender,
      }),
      says: { kind: "miniProgram", payload: { title: words, name: siteName, appId, page: path, url } },
      files: [preview(size)],
    };
  };

/** A feed's video, live or profile: types 51; 63 and 88; 50. */
export const feed =
  (type: 50 | 51 | 63 | 88): MakeContent =>
  ({ random, sender }) => {
    const [name, words, picture] = [
      personName(random),
      sentence(random),
      `https://finder.video.qq.com/251/20304/${hex(random, 64)}`,
    ];
    const size = { width: 1080, height: 1920 };
    const id = String((BigInt(random.next() | 0x4000_0000) << 32n) | BigInt(random.next()));
    const about = {
      50: `<findernamecard><username>v2_${id}@finder</username>${tag("nickname", name)}<avatar/></findernamecard>`,
      51: `<finderFeed><objectId>${id}</objectId><feedType>4</feedType>${tag("nickname", name)}<avatar>${cdata(picture)}</avatar><desc>${cdata(words)}</desc><mediaCount>1</mediaCount><mediaList><media><thumbUrl>${cdata(picture)}</thumbUrl><videoPlayDuration>14</videoPlayDuration><url>${cdata(picture)}</url><height>1920.0</height><width>1080</width></media></mediaList></finderFeed>`,
    };
    const live = `<finderLive><finderLiveID>${id}</finderLiveID>${tag("nickname", name)}<desc>${cdata(words)}</desc><media><coverUrl>${cdata(picture)}</coverUrl><height>1920</height><width>1080</width></media></finderLive>`;
    const says = {
      50: { type: "profile" as const, authorName: name, id: `v2_${id}@finder` },
      51: { type: "video" as const, authorName: name, text: words, id },
      63: { type: "live" as const, authorName: name, text: words, id },
      88: { type: "live" as const, authorName: name, text: words, id },
    };
    const files = {
      50: [],
      51: [remote(picture, { width: 1080 })],
      63: [remote(picture, size)],
      88: [remote(picture, size)],
    };
    return {
      type: 49,
      text: appMessage({
        type,
        tags:
          tag("title", "当前版本不支持展示该内容，请升级至最新版本。") +
          (type === 50 || type === 51 ? about[type] : live),
        from: sender,
      }),
      says: { kind: "post", payload: says[type] },
      files: files[type],
    };
  };

export const liveLocation: MakeContent = ({ sender }) => ({
  type: 49,
  text: appMessage({ type: 17, tags: tag("title", "我发起了位置共享"), from: sender }),
  says: { kind: "liveLocation", payload: { title: "我发起了位置共享" } },
});

export const solitaire: MakeContent = ({ random, sender }) => {
  const words = `#接龙\n${title(random)}\n\n1. ${personName(random)}\n2. ${personName(random)}`;
  return {
    type: 49,
    text: appMessage({
      type: 53,
      tags: `${tag("title", words)}<extinfo><solitaire>${escaped('<solitaire isHeader="1"/>')}</solitaire></extinfo>`,
      from: sender,
    }),
    says: { kind: "card", body: { text: words }, payload: { type: "solitaire" } },
  };
};

export const announcement: MakeContent = ({ random, sender }) => {
  const words = `${sentence(random)}\n${sentence(random)}`;
  return {
    type: 49,
    text: appMessage({
      type: 87,
      tags: `${tag("title", "群公告")}<textannouncement>${cdata(words)}</textannouncement>`,
      from: sender,
    }),
    says: { kind: "card", payload: { type: "announcement", title: "群公告", description: words } },
  };
};

/** An app message of a type that has no reader of its own. */
export const card =
  (type: number): MakeContent =>
  (scene) => {
    const about = page(scene);
    const { url, title: words, description, siteName: app } = about;
    return {
      type: 49,
      text: appMessage({ type, tags: pageTags(about), appName: app, from: scene.sender }),
      says: { kind: "card", payload: { type: String(type), app, title: words, description, url } },
      files: [preview({})],
    };
  };

/** An app message of the future, without words. */
export const wordless: MakeContent = ({ sender }) => ({
  type: 49,
  text: appMessage({ type: 31_337, tags: "<novel>1</novel>", from: sender }),
  says: { kind: "unknown", payload: { sourceType: "49.31337" } },
});
