import type { FunctionComponent } from "preact";
import { ChatsPage } from "../pages/chats/chats-page.tsx";
import { HomePage } from "../pages/home/home-page.tsx";
import { SearchPage } from "../pages/search/search-page.tsx";
import { laterPage } from "./later-page.tsx";
import type { IconName } from "../parts/icons.tsx";
import type { Both } from "../state/language.ts";
import { isOperator } from "../state/arrival.ts";
import { titles } from "../words/frame.ts";

/** A page that one can go to. */
interface PageEntry {
  /** As it stands in the address. */
  readonly name: string;
  readonly icon: IconName;
  readonly title: Both<string>;
  /** Whether it has its place at the bottom of a phone; the others are behind `more`. */
  readonly isFirst: boolean;
  readonly Page: FunctionComponent;
  /** Whether only who runs the server has it. */
  readonly isOfOperator?: boolean;
}

/** What the first pages lead to: it comes as one file, which is smaller than many. */
const others = () => import("../pages/other-pages.ts");
const MediaPage = laterPage(async () => (await others()).MediaPage);
const PeoplePage = laterPage(async () => (await others()).PeoplePage);
const LookBackPage = laterPage(async () => (await others()).LookBackPage);
const SourcesPage = laterPage(async () => (await others()).SourcesPage);
const TakeOutPage = laterPage(async () => (await others()).TakeOutPage);
const VersionsPage = laterPage(async () => (await others()).VersionsPage);
const StoragePage = laterPage(async () => (await others()).StoragePage);
const SecurityPage = laterPage(async () => (await others()).SecurityPage);
const SettingsPage = laterPage(async () => (await others()).SettingsPage);
const PlanPage = laterPage(async () => (await import("../pages/plan/plan-page.tsx")).PlanPage);
const OfficePage = laterPage(async () => (await import("../pages/office/office-page.tsx")).OfficePage);

/** All pages, in the order in which they are listed. */
const pages: readonly PageEntry[] = [
  { name: "home", icon: "home", title: titles.home, isFirst: true, Page: HomePage },
  { name: "chats", icon: "chats", title: titles.chats, isFirst: true, Page: ChatsPage },
  { name: "search", icon: "search", title: titles.search, isFirst: true, Page: SearchPage },
  { name: "sources", icon: "sources", title: titles.sources, isFirst: true, Page: SourcesPage },
  { name: "media", icon: "media", title: titles.media, isFirst: false, Page: MediaPage },
  { name: "people", icon: "people", title: titles.people, isFirst: false, Page: PeoplePage },
  { name: "look-back", icon: "calendar", title: titles.lookBack, isFirst: false, Page: LookBackPage },
  { name: "take-out", icon: "takeOut", title: titles.takeOut, isFirst: false, Page: TakeOutPage },
  { name: "versions", icon: "versions", title: titles.versions, isFirst: false, Page: VersionsPage },
  { name: "storage", icon: "storage", title: titles.storage, isFirst: false, Page: StoragePage },
  { name: "plan", icon: "plan", title: titles.plan, isFirst: false, Page: PlanPage },
  { name: "security", icon: "security", title: titles.security, isFirst: false, Page: SecurityPage },
  { name: "settings", icon: "settings", title: titles.settings, isFirst: false, Page: SettingsPage },
  {
    name: "office",
    icon: "office",
    title: titles.office,
    isFirst: false,
    Page: OfficePage,
    isOfOperator: true,
  },
];

/** Those that whoever is in may go to. */
export function listedPages(): readonly PageEntry[] {
  return pages.filter(({ isOfOperator }) => isOfOperator !== true || isOperator.value);
}

/** Those of them that a phone has behind `more`. */
export function otherPages(): readonly PageEntry[] {
  return listedPages().filter(({ isFirst }) => !isFirst);
}

/** The page of a name; the first where there is none of it. */
export function pageOf(name: string): PageEntry {
  return pages.find((page) => page.name === name) ?? pages[0]!;
}
