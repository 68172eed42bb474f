import type { Body, Span } from "@keepsake/core/model";
import type { ComponentChildren, VNode } from "preact";

/** A text with its links and marks. What was sent is text to the page, whatever it looks like. */
export function BodyText({ body }: { readonly body: Body }): VNode {
  return <p class="text">{withSpans(body.text, body.spans ?? [])}</p>;
}

const tags: Readonly<Record<string, "b" | "i" | "u" | "s" | "code" | "blockquote">> = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "code",
};

/** Pieces of text between the ends of spans, each in the tags of the spans that cover it. */
function withSpans(text: string, spans: readonly Span[]): ComponentChildren {
  const bounds = new Set([0, text.length]);
  for (const { start, length } of spans)
    for (const at of [start, start + length]) if (at <= text.length) bounds.add(at);
  const cuts = [...bounds].sort((a, b) => a - b);
  return cuts.slice(0, -1).flatMap((from, i) => {
    const until = cuts[i + 1]!;
    const covering = spans.filter(({ start, length }) => start <= from && start + length >= until);
    const piece = text.slice(from, until);
    return covering.length === 0
      ? withAddresses(piece)
      : [covering.reduceRight<ComponentChildren>((inside, span) => spanned(inside, span, piece), piece)];
  });
}

function spanned(inside: ComponentChildren, { type, url }: Span, piece: string): ComponentChildren {
  if (type === "link" || type === "textLink") return <Outside href={url ?? piece}>{inside}</Outside>;
  const Tag = tags[type];
  return Tag === undefined ? inside : <Tag>{inside}</Tag>;
}

const address = /https?:\/\/[^\s<>"'，。；、！？（）《》“”]+/g;

function withAddresses(text: string): ComponentChildren[] {
  const pieces: ComponentChildren[] = [];
  let last = 0;
  for (const { 0: found, index } of text.matchAll(address)) {
    pieces.push(text.slice(last, index), <Outside href={found}>{found}</Outside>);
    last = index + found.length;
  }
  return [...pieces, text.slice(last)];
}

/** A link to somewhere else, which learns nothing of where it was followed from; text where it is no web address. */
export function Outside({
  href,
  children,
}: {
  readonly href: string;
  readonly children: ComponentChildren;
}): VNode {
  const url = URL.parse(href);
  if (url === null || !/^https?:$/.test(url.protocol)) return <span>{children}</span>;
  return (
    <a href={url.href} target="_blank" rel="noopener noreferrer external">
      {children}
    </a>
  );
}
