import fc from "fast-check";
import { expect, test } from "vitest";
import { all, at, attribute, countAt, idAt, innerXml, textAt } from "./look.ts";
import { parseXml, xmlLimits, type XmlElement } from "./parse.ts";

/** A tree as nested lists: name, attributes, text, children. */
function plain({ name, attributes, text, children }: XmlElement): unknown[] {
  return [name, Object.fromEntries(attributes), text, ...children.map(plain)];
}

function tree(text: string): unknown {
  const { root, problem } = parseXml(text);
  return problem ?? root!.children.map(plain);
}

test("elements, attributes, text, CDATA, comments and references", () => {
  const text = `<?xml version="1.0"?><!-- a --><m a="1&amp;2" b = '"'>x<n/>&lt;y&#x4e2d;<![CDATA[<z>&amp;]]></m>`;
  expect(tree(text)).toEqual([["m", { a: "1&2", b: '"' }, "x<y中<z>&amp;", ["n", {}, ""]]]);
});

test("of an attribute that stands twice the first counts", () => {
  expect(tree('<m a="1" a="2"/>')).toEqual([["m", { a: "1" }, ""]]);
});

test("a document of several elements is read whole", () => {
  expect(tree("<a/><b>1</b>")).toEqual([
    ["a", {}, ""],
    ["b", {}, "1"],
  ]);
});

test.each([
  ["an end that is cut off", "<m><n>12"],
  ["a tag that is cut off", '<m><n a="1'],
  ["CDATA that is cut off", "<m><![CDATA[a"],
  ["a wrong end", "<m></n></m>"],
  ["a wrong nesting", "<m><n></m>"],
  ["an attribute without quotes", "<m a=1></m>"],
  ["a bracket in the text", "<m>1 < 2</m>"],
])("%s is told", (_, text) => {
  expect(parseXml(text)).toMatchObject({ problem: "broken", root: { children: [{ name: "m" }] } });
});

test("what the end of the text cuts through is marked", () => {
  const { root } = parseXml("<m><id>12</id><id2>34");
  expect([idAt(root, "m", "id"), idAt(root, "m", "id2")]).toEqual(["12", undefined]);
  expect(textAt(root, "m", "id2")).toBe("34");
});

test.each([
  ["a document type", "<!DOCTYPE m><m/>"],
  ["an entity", '<!ENTITY a "b"><m>&a;</m>'],
  ["a depth", "<m>".repeat(xmlLimits.depth + 1)],
  ["attributes", `<m ${Array.from({ length: xmlLimits.attributes + 1 }, (_, i) => `a${i}=""`).join(" ")}/>`],
  ["an attribute's length", `<m a="${"x".repeat(xmlLimits.attributeLength + 1)}"/>`],
  ["elements", "<m/>".repeat(xmlLimits.elements + 1)],
  ["a length", " ".repeat(xmlLimits.length + 1)],
])("%s beyond what messages have is refused as a whole", (_, text) => {
  expect(parseXml(text)).toEqual({ root: undefined, problem: "unsafe" });
});

test("at a limit all is read", () => {
  const { depth } = xmlLimits;
  expect(parseXml("<m>".repeat(depth) + "</m>".repeat(depth)).problem).toBeUndefined();
  expect(parseXml("<m/>".repeat(xmlLimits.elements)).root?.children.length).toBe(xmlLimits.elements);
});

test("looking asks for a path and takes what is blank or no number as absent", () => {
  const { root } = parseXml('<m a=" " b="7"><n>  </n><o> 12 </o><o>0</o><p>99999999999999999999</p></m>');
  expect(textAt(root, "m", "n")).toBeUndefined();
  expect(countAt(root, "m", "o")).toBe(12);
  expect(all(at(root, "m"), "o")).toHaveLength(2);
  expect(countAt(root, "m", "p")).toBeUndefined();
  expect(idAt(root, "m", "p")).toBe("99999999999999999999");
  expect([attribute(at(root, "m"), "a"), attribute(at(root, "m"), "b")]).toEqual([undefined, "7"]);
  expect(at(root, "m", "none", "n")).toBeUndefined();
});

test("a document inside a document is found however often it is escaped", () => {
  expect(innerXml(" <a/> ")).toBe("<a/>");
  expect(innerXml("&lt;a b=&quot;1&quot;/&gt;")).toBe('<a b="1"/>');
  expect(innerXml("&amp;amp;lt;a/&amp;amp;gt;")).toBe("<a/>");
  expect(innerXml("&amp;amp;amp;lt;a/")).toBeUndefined();
  expect(innerXml("a < b")).toBeUndefined();
});

const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,8}$/);
const words = fc.string({ unit: "binary", maxLength: 12 });
type Tree = readonly [name: string, attributes: Readonly<Record<string, string>>, text: string, ...Tree[]];

function trees(depth: number): fc.Arbitrary<Tree> {
  const children = depth === 0 ? fc.constant([]) : fc.array(trees(depth - 1), { maxLength: 3 });
  return fc
    .tuple(name, fc.dictionary(name, words, { maxKeys: 3 }), words, children)
    .map(([tag, attributes, text, below]): Tree => [tag, attributes, text, ...below]);
}

function written([tag, attributes, text, ...children]: Tree, isCdata: boolean): string {
  const escape = (raw: string): string =>
    raw.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  const said = isCdata ? `<![CDATA[${text.replaceAll("]]>", "]]]]><![CDATA[>")}]]>` : escape(text);
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(value)}"`);
  return `<${tag}${given.join("")}>${said}${children.map((child) => written(child, isCdata)).join("")}</${tag}>`;
}

test("what is written as XML is read as it was", () => {
  fc.assert(
    fc.property(trees(3), fc.boolean(), (root, isCdata) => {
      const found = parseXml(written(root, isCdata));
      expect(found.problem).toBeUndefined();
      expect(found.root!.children.map(plain)).toEqual([root]);
    }),
  );
});
