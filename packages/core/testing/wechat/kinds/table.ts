import { weighted, type Random } from "../../history/random.ts";
import { bundle } from "./bundle.ts";
import { sorts, type FileSort, type MakeContent } from "./made.ts";
import * as media from "./media.ts";
import { redPacket, transfer } from "./money.ts";
import * as notices from "./notice.ts";
import { quote } from "./quote.ts";
import * as shares from "./shares.ts";
import * as talk from "./talk.ts";

/** Where rows of a sort are found. */
export type Place = "direct" | "group" | "official";

interface ContentPlan {
  readonly name: string;
  /** Share of all rows in percent, after a measured history of 100,000 messages. */
  readonly weight: number;
  readonly make: MakeContent;
  /** In such chats alone; in all but those of official accounts if absent. */
  readonly only?: Place;
  /** Written by versions of WeChat that are still to come. */
  readonly isFuture?: true;
}

const rare = 0.02;

/** The mix of rows, each type of message at least once. Order is part of the generator: a new one goes last. */
const plans: readonly ContentPlan[] = [
  { name: "text", weight: 65.5, make: talk.text },
  { name: "quote", weight: 10.8, make: quote },
  { name: "sticker", weight: 8.7, make: media.sticker },
  { name: "image", weight: 6.6, make: media.image },
  { name: "notice", weight: 2.4, make: notices.notice },
  { name: "template", weight: 0.9, make: notices.template, only: "group" },
  { name: "link", weight: 1, make: shares.link(5) },
  { name: "voice", weight: 0.6, make: media.voice },
  { name: "video", weight: 0.6, make: media.video(43) },
  { name: "file", weight: 0.4, make: media.file },
  { name: "mini program", weight: 0.3, make: shares.miniProgram(33) },
  { name: "bundle", weight: 0.2, make: bundle(19) },
  { name: "transfer", weight: 0.2, make: transfer },
  { name: "red packet", weight: 0.2, make: redPacket },
  { name: "call", weight: 0.3, make: talk.call, only: "direct" },
  { name: "pat", weight: 0.3, make: notices.pat(10002), only: "group" },
  { name: "revoked", weight: 0.3, make: notices.revoked },
  { name: "feed video", weight: 0.2, make: shares.feed(51) },
  { name: "location", weight: 0.1, make: talk.location },
  { name: "contact card", weight: 0.05, make: talk.contactCard(42) },
  { name: "light html", weight: 0.1, make: notices.lightHtml },
  { name: "music", weight: rare, make: shares.music(3) },
  { name: "music 76", weight: rare, make: shares.music(76) },
  { name: "music 92", weight: rare, make: shares.music(92) },
  { name: "link 4", weight: rare, make: shares.link(4) },
  { name: "text share", weight: rare, make: shares.textShare },
  { name: "image share", weight: rare, make: media.sharedImage },
  { name: "app sticker", weight: rare, make: media.appSticker },
  { name: "mini program 36", weight: rare, make: shares.miniProgram(36) },
  { name: "feed profile", weight: rare, make: shares.feed(50) },
  { name: "feed live", weight: rare, make: shares.feed(63) },
  { name: "feed live 88", weight: rare, make: shares.feed(88) },
  { name: "live location", weight: rare, make: shares.liveLocation },
  { name: "note", weight: rare, make: bundle(24) },
  { name: "solitaire", weight: rare, make: shares.solitaire, only: "group" },
  { name: "announcement", weight: rare, make: shares.announcement, only: "group" },
  ...[7, 15, 16, 59, 60, 65, 69, 72, 2003, 100001].map((type) => ({
    name: `card ${type}`,
    weight: rare,
    make: shares.card(type),
  })),
  { name: "wordless app message", weight: rare, make: shares.wordless },
  { name: "short video", weight: rare, make: media.video(62) },
  { name: "company's contact card", weight: rare, make: talk.contactCard(66) },
  { name: "mail", weight: rare, make: talk.mail, only: "direct" },
  { name: "friend request", weight: rare, make: talk.friendRequest(37), only: "direct" },
  { name: "possible friend", weight: rare, make: talk.friendRequest(40), only: "direct" },
  { name: "old call", weight: rare, make: talk.oldCall(50), only: "direct" },
  { name: "invitation to a call", weight: rare, make: talk.oldCall(53), only: "direct" },
  { name: "state of a call", weight: rare, make: talk.callNotice, only: "direct" },
  { name: "status of a device", weight: rare, make: talk.status },
  { name: "call in a group", weight: rare, make: notices.json(64), only: "group" },
  { name: "notice as JSON", weight: rare, make: notices.json(9999) },
  { name: "editable", weight: rare, make: notices.editable },
  { name: "members", weight: rare, make: notices.members, only: "group" },
  { name: "payment", weight: rare, make: notices.payNotice },
  { name: "pat as an app message", weight: rare, make: notices.pat(49), only: "group" },
  { name: "silent notice", weight: rare, make: notices.silent },
  { name: "empty text", weight: rare, make: talk.emptyText },
  { name: "push", weight: 90, make: shares.push, only: "official" },
  { name: "text of an official account", weight: 10, make: talk.text, only: "official" },
  { name: "unknown type", weight: 0.5, make: talk.unknown(70_007), isFuture: true },
];

/** Draws what a row holds: by the measured mix, or in turn, so that few rows show all of it. */
export type DrawContent = (random: Random, number: number) => MakeContent;

/** What is drawn from in chats of a sort. */
export function drawContent(place: Place, options: { isEven: boolean; isFuture: boolean }): DrawContent {
  const fit = plans.filter(({ only, isFuture = false }) => {
    const isHere = place === "official" ? only === place : only === undefined || only === place;
    return isHere && (options.isFuture || !isFuture);
  });
  const draw = weighted(fit.map(({ weight }) => weight));
  return (random, number) => fit[options.isEven ? number % fit.length : draw(random)]!.make;
}

/** What brings a file, for those rows that have to; the last is a picture as the one before it is. */
export const fileContents: readonly { readonly make: MakeContent; readonly sort: FileSort }[] = [
  { make: media.video(43), sort: sorts.video },
  ...Array.from({ length: 3 }, () => ({ make: media.voice, sort: sorts.voice })),
  { make: media.file, sort: sorts.file },
  { make: media.file, sort: sorts.file },
  ...Array.from({ length: 6 }, () => ({ make: media.image, sort: sorts.image })),
];
