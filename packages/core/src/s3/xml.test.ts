import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { textToBytes } from "../base/index.ts";
import { listPage } from "./list-page.ts";
import { readXml, textIn, type XmlElement } from "./xml.ts";

const read = (text: string): XmlElement | undefined => readXml(textToBytes(text));
const page = (inner: string, prefix = ""): ReturnType<typeof listPage> =>
  listPage(textToBytes(`<ListBucketResult>${inner}</ListBucketResult>`), prefix);
const object = (key: string, size: number | string = 1): string =>
  `<Contents><Key>${key}</Key><Size>${size}</Size></Contents>`;

describe("an answer in XML", () => {
  test("is read with declaration, comments, entities, attributes and prefixes", () => {
    const root = read(
      `<?xml version="1.0" encoding="UTF-8"?>\n<!-- a < b -->\n<e:Error xmlns:e="urn:x"><Code>A&amp;B&#x20;&#49;</Code><Empty/><Raw><![CDATA[<&>]]></Raw></e:Error>\n`,
    );
    expect(root?.name).toBe("Error");
    expect(textIn(root!, "Code")).toBe("A&B 1");
    expect(textIn(root!, "Empty")).toBe("");
    expect(textIn(root!, "Raw")).toBe("<&>");
    expect(textIn(root!, "Other")).toBeUndefined();
  });

  test.each([
    "",
    "login first",
    "<html><body><p>login<br></body></html>",
    "<a></b>",
    "<a>",
    "</a>",
    "<a/><b/>",
    "<a/>text",
    "<a>&nbsp;</a>",
    "<a>&#0;</a>",
    "<a>&#x110000;</a>",
    "<a>& b</a>",
    '<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>',
    "<!DOCTYPE html><html></html>",
    `${"<a>".repeat(50)}${"</a>".repeat(50)}`,
    `<a>${"<b/>".repeat(30_000)}</a>`,
  ])("is none where it is not in order: %.30s", (text) => {
    expect(read(text)).toBeUndefined();
  });

  test("is none where it is not UTF-8", () => {
    expect(readXml(Uint8Array.of(0x3c, 0x61, 0x3e, 0xff))).toBeUndefined();
  });

  test("never throws, whatever comes, and takes no long time", () => {
    const piece = fc.constantFrom(
      "<",
      ">",
      "/",
      "a",
      "&",
      ";",
      "#",
      "!--",
      "-->",
      "![CDATA[",
      "]]>",
      " ",
      "?",
      '"',
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => void read(pieces.join(""))));
    for (const bad of [
      "<a ".repeat(50_000),
      "&".repeat(50_000),
      "<!--".repeat(50_000),
      "<![CDATA[".repeat(50_000),
    ])
      expect(read(bad)).toBeUndefined();
  });

  test("gives back any text that was written with entities", () => {
    const escape = (text: string): string =>
      text.replace(/[<>&"']/g, (letter) => `&#${letter.codePointAt(0)};`);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(read(`<a>${escape(text)}</a>`)?.text).toBe(text.toWellFormed());
      }),
    );
  });
});

describe("a page of a listing", () => {
  test("gives names after the prefix, sizes, folders, and what asks for more", () => {
    expect(page(`${object("p/a", 5)}<CommonPrefixes><Prefix>p/q/</Prefix></CommonPrefixes>`, "p/")).toEqual({
      objects: [{ name: "a", sizeBytes: 5 }],
      folders: ["q/"],
      next: undefined,
    });
    const more = "<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>";
    expect(page(more).next).toBe("t");
    expect(page("<IsTruncated>false</IsTruncated>").next).toBeUndefined();
  });

  test("decodes names where the service says that they are encoded, and only there", () => {
    const encoded = `<EncodingType>url</EncodingType>${object("%E5%BF%B5%2F+a%2B")}`;
    expect(page(encoded).objects).toEqual([{ name: "念/ a+", sizeBytes: 1 }]);
    expect(page(object("a%2B+")).objects).toEqual([{ name: "a%2B+", sizeBytes: 1 }]);
  });

  test.each([
    ["another document", "<Other/>"],
    ["a name outside the prefix", `<ListBucketResult>${object("q/a")}</ListBucketResult>`],
    ["no size", `<ListBucketResult>${object("p/a", "")}</ListBucketResult>`],
    ["a size that is none", `<ListBucketResult>${object("p/a", "1e3")}</ListBucketResult>`],
    [
      "an escape that is none",
      `<ListBucketResult><EncodingType>url</EncodingType>${object("p/%E5%")}</ListBucketResult>`,
    ],
    ["more without saying how", "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"],
  ])("is refused with %s", (_, text) => {
    expect(() => listPage(textToBytes(text), "p/")).toThrow(
      expect.objectContaining({ code: "store.bad-answer" }),
    );
  });
});
