import { limits, type Body, type Span } from "../../../../model/index.ts";
import { decodeEntities } from "../xml/entities.ts";

const tag = /<(\/?)([A-Za-z_][\w.-]{0,63})([^<>]{0,4096})>/g;
const link = /\bhref\s{0,8}=\s{0,8}(?:"([^"]*)"|'([^']*)')/;
/** The tags of WeChat's own notices; any other stays as the text that it may be. */
const known: ReadonlySet<string> = new Set(
  "a b br color div em font i img p span strong u _wc_custom_img_ _wc_custom_link_".split(" "),
);
const links: ReadonlySet<string> = new Set(["a", "_wc_custom_link_"]);

function addressOf(attributes: string): string {
  const [, double, single] = link.exec(attributes) ?? [];
  return decodeEntities(double ?? single ?? "");
}

/** The words of a notice, its links as spans. */
export function readLightHtml(html: string): Body | undefined {
  const spans: Span[] = [];
  let text = "";
  let taken = 0;
  let open = { start: 0, url: "" };
  for (const found of html.matchAll(tag)) {
    const [whole, slash, name = "", rest = ""] = found;
    if (!known.has(name)) continue;
    text += decodeEntities(html.slice(taken, found.index));
    taken = found.index + whole.length;
    if (name === "br") text += "\n";
    if (!links.has(name)) continue;
    const { start, url } = open;
    if (url !== "" && text.length > start)
      spans.push({ start, length: text.length - start, type: "textLink", url });
    open = { start: text.length, url: slash === "" ? addressOf(rest) : "" };
  }
  text += decodeEntities(html.slice(taken));
  if (text.trim() === "") return undefined;
  return spans.length === 0 ? { text } : { text, spans: spans.slice(0, limits.listLength) };
}
