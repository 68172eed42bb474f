import type { Button, Draft, JsonObject, JsonValue, Reaction, Reactor } from "../../../model/index.ts";
import { digitsOf, isObject } from "../../json-values.ts";
import { count, present, words } from "./media.ts";
import { peerAccount, peerOf } from "./peers.ts";
import { localMs, localText } from "./times.ts";

const minuteMs = 60_000;
/** What stands for a reaction that was paid for. */
const paidKey = "⭐";

/** The reactions under a message; `recent` names only some of those who reacted. */
export function readReactions(value: JsonValue | undefined, offset: number): Reaction[] {
  return objects(value).map((entry) => {
    const type = words(entry["type"]) ?? "emoji";
    const key = type === "paid" ? paidKey : (words(entry["emoji"]) ?? digitsOf(entry["document_id"]) ?? "");
    const reaction: Draft<Reaction> = { key };
    if (type !== "emoji") reaction.type = type === "custom_emoji" ? "custom" : type;
    const total = count(entry["count"]);
    if (total !== undefined) reaction.count = total;
    const by = objects(entry["recent"]).map((reactor) => readReactor(reactor, offset));
    if (by.length > 0) reaction.by = by;
    return reaction;
  });
}

function readReactor(entry: JsonObject, offset: number): Reactor {
  const reactor: Draft<Reactor> = {};
  const peer = peerOf(entry["from_id"]);
  if (peer !== undefined) reactor.account = peerAccount(peer);
  const name = words(entry["from"]);
  if (name !== undefined) reactor.name = name;
  const at = localMs(entry["date"]);
  if (at !== undefined) reactor.at = at - offset * minuteMs;
  return reactor;
}

/** The reactions as Telegram writes them. `peerText` gives what it calls an account. */
export function reactionFields(
  reactions: readonly Reaction[] | undefined,
  offset: number,
  peerText: (account: string) => string | undefined,
): JsonObject {
  if (reactions === undefined) return {};
  const entries = reactions.map((reaction) => {
    const { key, count: total, by } = reaction;
    const type = reaction.type === "custom" ? "custom_emoji" : (reaction.type ?? "emoji");
    const recent = by?.map(({ account, name, at }) => ({
      ...present("from", name),
      ...present("from_id", account === undefined ? undefined : peerText(account)),
      ...present("date", at === undefined ? undefined : localText(at + offset * minuteMs)),
    }));
    return {
      type,
      count: total ?? by?.length ?? 1,
      ...(type !== "paid" && { [type === "custom_emoji" ? "document_id" : "emoji"]: key }),
      ...(recent !== undefined && { recent }),
    };
  });
  return { reactions: entries };
}

/** The rows of buttons under a message. */
export function readButtons(value: JsonValue | undefined): Button[][] {
  const rows = Array.isArray(value) ? (value as readonly JsonValue[]) : [];
  return rows.map((row) => objects(row).map(readButton));
}

function readButton(entry: JsonObject): Button {
  const button: Draft<Button> = { text: typeof entry["text"] === "string" ? entry["text"] : "" };
  const type = words(entry["type"]);
  if (type !== undefined) button.type = type;
  const data = words(entry["dataBase64"]) ?? words(entry["data"]);
  if (data !== undefined && type === "url") button.url = data;
  else if (data !== undefined) button.data = data;
  return button;
}

export function buttonFields(rows: readonly (readonly Button[])[] | undefined): JsonObject {
  if (rows === undefined) return {};
  const buttons = rows.map((row) =>
    row.map(({ type, text, url, data }) => ({
      type: type ?? (url === undefined ? "default" : "url"),
      text,
      ...present("data", url ?? data),
    })),
  );
  return { inline_bot_buttons: buttons };
}

function objects(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]).filter(isObject) : [];
}
