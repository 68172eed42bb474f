import { concatBytes, textToBytes } from "../../src/base/index.ts";
import { readContent, type RowContent } from "../../src/formats/wechat/content/index.ts";
import { apps } from "../../src/formats/wechat/content/fixtures/app.ts";
import { bundles } from "../../src/formats/wechat/content/fixtures/bundle.ts";
import { notice } from "../../src/formats/wechat/content/fixtures/notice.ts";
import { talk } from "../../src/formats/wechat/content/fixtures/talk.ts";
import { readMmkv } from "../../src/formats/wechat/ios/people/mmkv.ts";
import { protoFields, protoText } from "../../src/formats/wechat/ios/people/protobuf.ts";
import { canonicalText, checkMessage } from "../../src/model/index.ts";
import type { Random } from "../history/random.ts";
import { mmkvFiles, protoField } from "../wechat/encode.ts";
import type { Subject } from "./subjects.ts";

const cases = [...talk, ...apps, ...bundles, ...notice];
const types = [...new Set(cases.map(({ type }) => type)), -1, 0.5, NaN, 2 ** 53, -1879048143];
/** What has broken readers of XML before. */
const tokens: readonly string[] = [
  ..."< > & ' \" / = ]]> --> ?> &lt; &gt; &amp; &#0; &#x110000; &amp;amp;lt; \u0000 \ud800 \ufeff".split(" "),
  ..."<![CDATA[ <!-- <? <!DOCTYPE <!ENTITY </msg> </title> <msg> <appmsg> <type>57</type> <type>19</type>".split(
    " ",
  ),
  ..."<refermsg> <recorditem> <recordxml> <recordinfo> <datalist> </datalist> __proto__ constructor $names$".split(
    " ",
  ),
  '<dataitem datatype="17">',
  '<dataitem datatype="1">',
  '<sysmsg type="__proto__">',
  ' a="',
  "42@chatroom:\n",
  "9".repeat(40),
];
const deepTokens: readonly string[] = [
  "<a>",
  "<![CDATA[",
  "&amp;",
  '<dataitem datatype="17"><recordxml>',
  "$a$",
];

const own = "wxid_me";
const nameOf = (user: string): string | undefined => (user === own ? "我" : undefined);

/** What WeChat's own files are made of, and what its messages say. */
export function weChatSubjects(): Subject[] {
  const { content } = mmkvFiles([
    ["86", own],
    ["88", "我"],
  ]);
  return [
    contentSubject(),
    {
      id: "wechat-mmkv",
      seeds: [content.slice(0, 64)],
      take(input, random) {
        readMmkv(input, random.chance(0.5) ? input : undefined);
      },
    },
    {
      id: "wechat-protobuf",
      seeds: [concatBytes(protoField(1, own), protoField(3, protoField(2, "我")))],
      take(input) {
        const fields = protoFields(input);
        for (const { number } of fields) protoText(fields, number);
      },
    },
  ];
}

/** The content of WeChat's messages: the input is the text of a row, its type is drawn. */
function contentSubject(): Subject {
  return {
    id: "wechat-content",
    seeds: cases.map(({ text }) => textToBytes(text)),
    take(input, random) {
      const text = spoilt(new TextDecoder().decode(input), random);
      const row = { type: random.pick(types), text, isOwn: random.chance(0.2), source: text };
      const isGroup = random.chance(0.5);
      const chat = isGroup ? "42@chatroom" : "wxid_friend";
      requireValid(readContent(row, { chat, isGroup, own, nameOf }), text);
    },
  };
}

/** With some tokens of XML in it. */
function spoilt(text: string, random: Random): string {
  let spoiled = text;
  for (let i = random.below(4); i > 0; i--) {
    const place = random.below(spoiled.length + 1);
    const isDeep = random.chance(0.05);
    const token = isDeep ? random.pick(deepTokens).repeat(random.below(3000)) : random.pick(tokens);
    spoiled = spoiled.slice(0, place) + token + spoiled.slice(place);
  }
  return spoiled;
}

/** What is read passes validation without a change, and holds the text. */
function requireValid({ files, ...content }: RowContent, text: string): void {
  const attachments = files.map(({ about, otherwise }) => ({ ...about, state: otherwise }));
  const message = { ...content, chat: "a:b:c", time: { sent: 0, precision: "s", zone: "utc" }, attachments };
  const checked = checkMessage(message, { chat: "", sent: 0 });
  canonicalText(checked.message);
  if (checked.findings.length > 0)
    throw new RangeError(`invalid: ${checked.findings[0]!.code} ${checked.findings[0]!.where ?? ""}`);
  const kept = content.raw?.text ?? content.body?.text ?? "";
  if (content.raw === undefined ? !text.endsWith(kept) : kept !== text) throw new RangeError("lost text");
}
