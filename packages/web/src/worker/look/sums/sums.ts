import type { Report } from "@keepsake/core/base";
import { chatCollections, type ChatView } from "@keepsake/core/history";
import type { Session } from "../../session.ts";
import { Census, type DayCounts } from "./census.ts";
import { estimateDays } from "./estimate.ts";
import { peopleOf, personOf, type ChatCount, type Person, type PersonLine } from "./people.ts";
import { firstOfYear, yearOf, type Year } from "./year.ts";

const TOLD_MESSAGES = 10_000;
/** Between the parts of a chat that are counted. */
const REST_MS = 8;

/** What is counted over chats. Each is counted once as long as the same version is looked at, from heads alone. */
export class Sums {
  readonly #session: Session;
  #of: unknown;
  readonly #chats = new Map<string, Promise<ChatCount>>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** About how many messages each day of a chat has, at once; undefined where counting is as quick. */
  aboutDays(collection: string): Promise<DayCounts | undefined> {
    return estimateDays(this.#session.open.history, collection);
  }

  /** How many messages each day of a chat has. */
  async days(collection: string): Promise<DayCounts> {
    return (await this.#chat(collection)).census.perDay();
  }

  /** Everybody who wrote or is a member of a chat, who wrote most first. */
  async people(report: Report): Promise<readonly PersonLine[]> {
    return peopleOf(await this.#all(report));
  }

  /** One of them, by any of the accounts; undefined where there is nobody of it. */
  async person(account: string, report: Report): Promise<Person | undefined> {
    return personOf(await this.#all(report), account);
  }

  /** The years in which there are messages, and one of them; the last that is over half where none is named. */
  async year(named: number | undefined, report: Report): Promise<Year | undefined> {
    const chats = await this.#all(report);
    const year = yearOf(chats, named);
    if (year === undefined) return undefined;
    return { ...year, first: await firstOfYear(this.#session.open.view, chats, year.year) };
  }

  async #all(report: Report): Promise<readonly ChatCount[]> {
    const chats: ChatCount[] = [];
    let [messages, told] = [0, 0];
    for (const collection of chatCollections(this.#session.open.history)) {
      const chat = await this.#chat(collection, (more) => {
        messages += more;
        if (messages - told < TOLD_MESSAGES) return;
        told = messages;
        report({ type: "progress", stage: "scan", done: { messages } });
      });
      if (chat.chat !== undefined) chats.push(chat);
    }
    return chats;
  }

  #chat(collection: string, onMore?: (messages: number) => void): Promise<ChatCount> {
    const { history } = this.#session.open;
    if (this.#of !== history) this.#chats.clear();
    this.#of = history;
    let chat = this.#chats.get(collection);
    if (chat === undefined) {
      chat = this.#count(collection, onMore);
      this.#chats.set(collection, chat);
      chat.catch(() => this.#chats.delete(collection));
    }
    return chat;
  }

  async #count(collection: string, onMore?: (messages: number) => void): Promise<ChatCount> {
    const { view } = this.#session.open;
    const chat: ChatView | undefined = await view.chat(collection);
    const census = new Census(chat?.chat.own ?? []);
    for await (const views of view.heads(collection)) {
      census.add(views);
      onMore?.(views.length);
      // What somebody waits for comes between.
      await new Promise((go) => setTimeout(go, REST_MS));
    }
    return { collection, chat, census };
  }
}
