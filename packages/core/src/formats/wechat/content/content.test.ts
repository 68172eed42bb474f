import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chatId, checkMessage, idParts, type Message } from "../../../model/index.ts";
import { apps, escaped } from "./fixtures/app.ts";
import { bundles } from "./fixtures/bundle.ts";
import type { ContentCase } from "./fixtures/case.ts";
import { notice } from "./fixtures/notice.ts";
import { talk } from "./fixtures/talk.ts";
import {
  accountOf,
  readContent,
  serverScheme,
  type RowContent,
  type RowContext,
  type RowFile,
  type WeChatRow,
} from "./index.ts";

const cases = [...talk, ...apps, ...bundles, ...notice];
const names = new Map([
  ["wxid_me", "我"],
  ["wxid_friend", "小林"],
  ["wxid_ann", "Ann"],
]);
const friend: RowContext = {
  chat: "wxid_friend",
  isGroup: false,
  own: "wxid_me",
  nameOf: (user) => names.get(user),
};
const group: RowContext = { ...friend, chat: "42@chatroom", isGroup: true };

function read({
  type,
  text,
  isGroup,
  isOwn = false as boolean,
  source,
}: Omit<ContentCase, "name" | "says">): RowContent {
  return readContent(
    { type, text, isOwn, ...(source !== undefined && { source }) },
    isGroup === true ? group : friend,
  );
}

/** The message that a caller makes of a row's content, no file found. */
function messageOf(content: RowContent): Message {
  const { files, isNoise: _, findings: __, revokes, ...rest } = content;
  return {
    ...rest,
    chat: chatId({ platform: "wechat", class: "user", nativeId: friend.chat, own: accountOf(friend.own) }),
    time: { sent: 0, precision: "s", zone: "utc" },
    ...(revokes !== undefined && { nativeIds: [{ scheme: serverScheme, value: revokes }] }),
    ...(files.length > 0 && {
      attachments: files.map(({ about, otherwise }: RowFile) => ({ ...about, state: otherwise })),
    }),
  };
}

function findingsOf(content: RowContent): unknown[] {
  return [...checkMessage(messageOf(content), { chat: "", sent: 0 }).findings];
}

describe.each(cases.map((entry) => [`${entry.type} ${entry.name}`, entry] as const))("%s", (_, entry) => {
  const { raw, findings, files, ...rest } = read(entry);

  test("says what it says", () => {
    const { author, ...said } = rest;
    const isFriend = author === "wechat:wxid:wxid_friend";
    expect({
      ...said,
      ...(author !== undefined && !isFriend && { author }),
      ...(files.length > 0 && { files }),
    }).toEqual(entry.says);
    const isOfTheApp = rest.kind === "system" || rest.kind === "deleted";
    expect(author === undefined).toBe(isOfTheApp || rest.direction === "in");
    expect(findings).toEqual([]);
  });

  test("passes the model's check and keeps its text word for word", () => {
    expect(findingsOf(read(entry))).toEqual([]);
    if (raw === undefined)
      expect(whole(read(entry), entry.isGroup === true && entry.isOwn !== true)).toBe(entry.text);
    else expect(raw.text).toBe(entry.text);
  });
});

/** The text of a row whose content has no raw. */
function whole({ author, body }: RowContent, hasSender: boolean): string {
  const line = author !== undefined && hasSender ? `${idParts(author)[2]}:\n` : "";
  return line + (body?.text ?? "");
}

describe("what is broken", () => {
  test("is read as far as it goes, with a finding, and a number that may be half of one is not taken", () => {
    const content = read({
      type: 49,
      text: "<msg><appmsg><title>好</title><type>57</type><refermsg><type>1</type><displayname>Ann</displayname><svrid>71234",
    });
    expect(content).toMatchObject({
      kind: "text",
      body: { text: "好" },
      reply: { snapshot: { authorName: "Ann" } },
    });
    expect(content.reply?.target).toBeUndefined();
    expect(content.findings).toEqual([{ code: "wechat.broken-xml", severity: "warning" }]);
  });

  test.each([
    [
      "a lone ampersand",
      "<msg><appmsg><title>R&D &amp; Q&A;</title><type>1</type></appmsg></msg>",
      "R&D & Q&A;",
    ],
    [
      "control characters",
      "<msg><appmsg><title>a\u0001\u000bb&#1;</title><type>1</type></appmsg></msg>",
      "a\u0001\u000bb\u0001",
    ],
    [
      "no known entity",
      "<msg><appmsg><title>&copy;&#xd800;&#99999999;</title><type>1</type></appmsg></msg>",
      "&copy;&#xd800;&#99999999;",
    ],
    ["words before it", "words\n<msg><appmsg><title>a</title><type>1</type></appmsg></msg>", "a"],
    ["a byte order mark", "\ufeff<msg><appmsg><title>a</title><type>1</type></appmsg></msg>", "a"],
  ])("%s is no harm", (_, text, words) => {
    const content = read({ type: 49, text });
    expect(content.body?.text).toBe(words);
    expect(content.findings).toEqual([]);
  });

  test.each([
    ["a wrong end", "<msg><appmsg><title>a</b></title><type>1</type></appmsg></msg>", "a"],
    ["an end that is missing", "<msg><appmsg><title>a<type>1</type></title></appmsg></msg>", undefined],
    ["a bare bracket", "<msg><appmsg><title>1 < 2</title><type>1</type></appmsg></msg>", "1 < 2"],
  ])("%s is told", (_, text, words) => {
    const content = read({ type: 49, text });
    expect(content.body?.text).toBe(words);
    expect(content.raw?.text).toBe(text);
  });

  test("a picture, a voice and a video stay what they are", () => {
    for (const [type, kind] of [
      [3, "image"],
      [34, "voice"],
      [43, "video"],
      [47, "sticker"],
    ] as const) {
      const content = read({ type, text: "<msg><im" });
      expect(content).toMatchObject({ kind, raw: { text: "<msg><im" } });
      expect(content.files.length).toBeGreaterThan(0);
      expect(content.findings[0]?.code).toBe("wechat.broken-xml");
    }
  });

  test("what is no XML at all is unknown, word for word", () => {
    expect(read({ type: 49, text: "wxid_friend said hello" })).toMatchObject({
      kind: "unknown",
      payload: { sourceType: "49" },
      raw: { mediaType: "text/plain", text: "wxid_friend said hello" },
    });
  });
});

describe("what is hostile", () => {
  const bomb = `<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><msg><appmsg><title>&b;</title><type>1</type></appmsg></msg>`;
  const file = `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><msg><appmsg><title>&x;</title><type>1</type></appmsg></msg>`;
  test.each([
    ["declarations", bomb],
    ["external entities", file],
    ["a declaration inside", "<msg><appmsg><!ELEMENT a><title>x</title><type>1</type></appmsg></msg>"],
    ["too deep", "<a>".repeat(1000)],
    ["too many elements", "<msg>" + "<a/>".repeat(200_001) + "</msg>"],
    ["too many attributes", `<msg ${Array.from({ length: 300 }, (_, i) => `a${i}="1"`).join(" ")}/>`],
    ["an attribute without end", `<msg a="${"x".repeat(2_000_000)}"/>`],
    ["too long", `<msg>${"x".repeat(9_000_000)}</msg>`],
  ])("%s is refused and kept as it came", (_, text) => {
    const content = read({ type: 49, text });
    expect(content).toMatchObject({ kind: "unknown", raw: { text } });
    expect(content.findings).toEqual([{ code: "wechat.unsafe-xml", severity: "warning" }]);
  });

  test("bundles in bundles end where the model's depth ends", () => {
    const text = `<msg><appmsg><title>t</title><type>19</type><recorditem>${inEachOther(20)}</recorditem></appmsg></msg>`;
    const content = read({ type: 49, text });
    expect(content.findings).toEqual([]);
    expect(findingsOf(content)).toEqual([]);
    const levels = JSON.stringify(content.payload).split('"items":[{').length - 1;
    expect(levels).toBe(16);
    const deeper = escaped(inEachOther(200));
    expect(
      read({
        type: 49,
        text: `<msg><appmsg><title>t</title><type>19</type><recorditem>${deeper}</recorditem></appmsg></msg>`,
      }),
    ).toMatchObject({
      kind: "forwardBundle",
      payload: { items: [], complete: false },
      findings: [{ code: "wechat.unsafe-xml" }],
    });
  });

  test("names of prototypes are data", () => {
    const content = read({
      type: 10002,
      text: '<sysmsg type="__proto__"><__proto__><plain>words</plain></__proto__></sysmsg>',
    });
    expect(content).toMatchObject({ payload: { action: "wechat:__proto__" }, body: { text: "words" } });
    for (const name of ["__proto__", "constructor", "toString"]) {
      const text = `<msg><appmsg __proto__="1"><type>${name}</type><title>t</title><${name}>x</${name}></appmsg></msg>`;
      expect(read({ type: 49, text })).toMatchObject({ kind: "card", payload: { type: name } });
      const game = `<msg><emoji md5="x"/><gameext type="${name}" content="${name}"/></msg>`;
      expect(read({ type: 47, text: game }).payload).toEqual({ id: "x" });
    }
    expect(Object.hasOwn(Object.prototype, "plain")).toBe(false);
  });

  const openings = [
    "<a ",
    "<a b='",
    '<a b="',
    "<![CDATA[",
    "<!--",
    "<?",
    "</a",
    "<",
    "&",
    "&amp;",
    "<a b=c ",
    "<a><b>",
    '<a b="c" ',
    "&#",
    " ",
  ];
  test.each(openings)("a million of %j takes time that grows with their length alone", (opening) => {
    const text = (length: number): string => "<msg>" + opening.repeat(length / opening.length);
    const started = performance.now();
    for (const type of [49, 10000, 10002, 47])
      read({ type, text: text(1_000_000), source: `atuserlist${text(1_000_000)}` });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test("names that are put in again and again end at a bound", () => {
    const members = "<member><username>wxid_a</username><nickname>a name</nickname></member>".repeat(1000);
    const template = `<content_template><template>${"$names$".repeat(5000)}</template><link_list><link name="names"><memberlist>${members}</memberlist></link></link_list></content_template>`;
    const filled = read({
      type: 10002,
      text: `<sysmsg type="sysmsgtemplate"><sysmsgtemplate>${template}</sysmsgtemplate></sysmsg>`,
    });
    expect(filled.body!.text.length).toBeLessThan(1_000_000);
    expect(filled.body!.text).toContain("a name、a name");
    const long = template.replaceAll("wxid_a", "w".repeat(2000)).replaceAll("a name", "n");
    const spread = read({
      type: 10002,
      text: `<sysmsg type="sysmsgtemplate"><sysmsgtemplate>${long}</sysmsgtemplate></sysmsg>`,
    });
    expect(JSON.stringify(spread.body).length).toBeLessThan(10_000_000);
    const pat = `<sysmsg type="pat"><pat><fromusername>wxid_long</fromusername><template>${"${wxid_long}".repeat(50_000)}</template></pat></sysmsg>`;
    const context = { ...friend, nameOf: () => "n".repeat(1000) };
    const patted = readContent({ type: 10002, text: pat, isOwn: false }, context);
    expect(patted.body!.text.length).toBeLessThan(2_000_000);
    expect(findingsOf(filled)).toEqual([]);
  });

  test("a giant body is one body", () => {
    const words = "长".repeat(2_000_000);
    const content = read({
      type: 49,
      text: `<msg><appmsg><title>${words}</title><type>1</type></appmsg></msg>`,
    });
    expect(content.body?.text).toBe(words);
    expect(findingsOf(content)).toEqual([]);
  });
});

function inEachOther(levels: number): string {
  const open = '<recordinfo><datalist><dataitem datatype="17"><recordxml>';
  const close = "</recordxml></dataitem></datalist></recordinfo>";
  return open.repeat(levels) + close.repeat(levels);
}

/** Pieces of which messages are made, in any order. */
const pieces = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...cases.map(({ text }) => text)) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        ..."<msg> <appmsg> </appmsg> <type>57</type> <type>19</type> <refermsg> <recorditem> <![CDATA[ ]]> <datalist> <dataitem datatype='17'> </ &lt; &amp;lt; <sysmsg type='pat'> <a href='x'> $names$ ${ } __proto__ <!DOCTYPE".split(
          " ",
        ),
      ),
    },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
  ),
  { maxLength: 6 },
);
const cut = fc.tuple(pieces, fc.nat(3000)).map(([list, length]) => list.join("").slice(0, length));
const types = fc.oneof(
  fc.constantFrom(...new Set(cases.map(({ type }) => type))),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
);

test("never throws, keeps every text, and always passes the model's check", () => {
  fc.assert(
    fc.property(
      types,
      fc.oneof(cut, fc.string()),
      fc.boolean(),
      fc.boolean(),
      fc.option(cut),
      (type, text, isGroup, isOwn, source) => {
        const row: WeChatRow = { type, text, isOwn, ...(source !== null && { source }) };
        const content = readContent(row, isGroup ? group : friend);
        expect(findingsOf(content)).toEqual([]);
        if (content.raw !== undefined) expect(content.raw.text).toBe(text);
        else expect(whole(content, isGroup && !isOwn)).toBe(text);
      },
    ),
    { numRuns: 3000 },
  );
});
