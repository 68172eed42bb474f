import type { Code } from "@keepsake/core/base";
import type { Both } from "../state/language.ts";
import { Care } from "./act/care.ts";
import { Chats } from "./look/chats.ts";
import { Door } from "./door/door.ts";
import type { Entrance } from "./door/entrance.ts";
import type { Enrol } from "./act/enrol.ts";
import type { Films } from "./look/films/films.ts";
import { Files } from "./look/files.ts";
import type { Imports } from "./act/imports.ts";
import type { Keys } from "./act/keys.ts";
import type { LeftOut } from "./act/left-out.ts";
import type { KeyChanges } from "./act/key-changes.ts";
import type { Passkeys } from "./act/passkeys.ts";
import type { Office } from "./office/office.ts";
import type { Papers } from "./plan/papers.ts";
import type { Plan } from "./plan/plan.ts";
import type { PlanWindow } from "./plan/window.ts";
import { Search } from "./look/search.ts";
import { saysOf } from "./says.ts";
import { Session } from "./session.ts";
import type { TakeOut } from "./act/take-out.ts";
import { later, type Later } from "./later.ts";
import type { Media } from "./look/media/media.ts";
import type { Sums } from "./look/sums/sums.ts";
import type { Storage } from "./look/storage.ts";
import type { ThisDay } from "./look/days/this-day.ts";
import { Timeline } from "./look/timeline.ts";
import type { VaultPassword } from "./act/vault-password.ts";
import type { Versions } from "./look/versions.ts";

/** All that the page may ask of its worker. What is opened stays in the worker; the page gets what it shows. */
export class Desk {
  readonly #session: Session;
  readonly door: Door;
  readonly care: Care;
  readonly chats: Chats;
  readonly timeline: Timeline;
  readonly enrol: Later<Enrol>;
  readonly entrance: Later<Entrance>;
  readonly files: Files;
  readonly films: Later<Films>;
  readonly imports: Later<Imports>;
  readonly keys: Later<Keys>;
  readonly keyChanges: Later<KeyChanges>;
  readonly leftOut: Later<LeftOut>;
  readonly vaultPassword: Later<VaultPassword>;
  readonly media: Later<Media>;
  readonly office: Later<Office>;
  readonly papers: Later<Papers>;
  readonly passkeys: Later<Passkeys>;
  readonly plan: Later<Plan>;
  readonly planWindow: Later<PlanWindow>;
  readonly search: Search;
  readonly storage: Later<Storage>;
  readonly sums: Later<Sums>;
  readonly takeOut: Later<TakeOut>;
  readonly thisDay: Later<ThisDay>;
  readonly versions: Later<Versions>;

  constructor(url: string) {
    this.#session = new Session(url);
    this.door = new Door(this.#session);
    this.care = new Care(this.#session);
    this.chats = new Chats(this.#session);
    this.timeline = new Timeline(this.#session);
    this.enrol = later(async () => new (await import("./act/enrol.ts")).Enrol(this.#session));
    this.entrance = later(
      async () => new (await import("./door/entrance.ts")).Entrance(this.#session, this.door),
    );
    this.files = new Files(this.#session);
    this.films = later(async () => new (await import("./look/films/films.ts")).Films(this.#session));
    this.imports = later(async () => new (await import("./act/imports.ts")).Imports(this.#session));
    this.keys = later(async () => new (await import("./act/keys.ts")).Keys(this.#session));
    this.keyChanges = later(async () => new (await import("./act/key-changes.ts")).KeyChanges(this.#session));
    this.leftOut = later(async () => new (await import("./act/left-out.ts")).LeftOut(this.#session));
    this.vaultPassword = later(
      async () => new (await import("./act/vault-password.ts")).VaultPassword(this.#session),
    );
    this.media = later(
      async () => new (await import("./look/media/media.ts")).Media(this.#session, this.files),
    );
    this.office = later(async () => new (await import("./office/office.ts")).Office(this.#session));
    this.passkeys = later(
      async () => new (await import("./act/passkeys.ts")).Passkeys(this.#session, this.door),
    );
    this.papers = later(async () => new (await import("./plan/papers.ts")).Papers(this.#session));
    this.plan = later(async () => new (await import("./plan/plan.ts")).Plan(this.#session));
    this.planWindow = later(async () => new (await import("./plan/window.ts")).PlanWindow(this.#session));
    this.search = new Search(this.#session);
    this.storage = later(async () => new (await import("./look/storage.ts")).Storage(this.#session));
    this.sums = later(async () => new (await import("./look/sums/sums.ts")).Sums(this.#session));
    this.takeOut = later(async () => new (await import("./act/take-out.ts")).TakeOut(this.#session));
    this.thisDay = later(async () => new (await import("./look/days/this-day.ts")).ThisDay(this.#session));
    this.versions = later(async () => new (await import("./look/versions.ts")).Versions(this.#session));
  }

  /** In which language the server is to answer. */
  speak(language: "en" | "zh-CN"): void {
    this.#session.speak(language);
  }

  /** What is said of an error of this code. */
  says(code: Code): Promise<Both<string>> {
    return saysOf(code);
  }

  /** Shows the newest version, where another device made one: whether there was. */
  refresh(): Promise<boolean> {
    return this.#session.refresh();
  }

  /** Whether the server could not be reached when it was asked last. */
  isAway(): boolean {
    return this.#session.reach.isAway;
  }

  /** Whether who is in runs the server. */
  async isOperator(): Promise<boolean> {
    return (await (await this.#session.connection()).call("GET /v1/member")).isOperator;
  }

  async openSample(): Promise<void> {
    const { openSample } = await import("./act/sample.ts");
    return openSample(this.#session);
  }
}
