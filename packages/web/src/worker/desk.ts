import { Care } from "./care.ts";
import { Chats } from "./chats.ts";
import { Door } from "./door.ts";
import { Files } from "./files.ts";
import { openSample } from "./sample.ts";
import { Search } from "./search.ts";
import { Session } from "./session.ts";
import { Timeline } from "./timeline.ts";

/** All that the page may ask of its worker. What is opened stays in the worker; the page gets what it shows. */
export class Desk {
  readonly #session: Session;
  readonly door: Door;
  readonly care: Care;
  readonly chats: Chats;
  readonly timeline: Timeline;
  readonly files: Files;
  readonly search: Search;

  constructor(url: string) {
    this.#session = new Session(url);
    this.door = new Door(this.#session);
    this.care = new Care(this.#session);
    this.chats = new Chats(this.#session);
    this.timeline = new Timeline(this.#session);
    this.files = new Files(this.#session);
    this.search = new Search(this.#session);
  }

  /** In which language the server is to answer. */
  speak(language: "en" | "zh-CN"): void {
    this.#session.speak(language);
  }

  openSample(): Promise<void> {
    return openSample(this.#session);
  }
}
