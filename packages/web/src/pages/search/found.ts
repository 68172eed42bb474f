import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { desk } from "../../state/desk.ts";
import { go, to, type Route } from "../../state/route.ts";
import { shownVersion } from "../../state/version.ts";
import { near } from "../../threads/calls.ts";
import { dayStart } from "../../words/values.ts";
import type { Asked, Found, Hit } from "../../worker/look/search.ts";

const newest = signal<Found | undefined>(undefined);
const share = signal(0);
const failure = signal<unknown>(undefined);

/** What was found last: it stays while one looks at it in its chat. */
export const found: ReadonlySignal<Found | undefined> = newest;

/** How much of the history is there to be searched, from 0 to 1. */
export const searched: ReadonlySignal<number> = share;

/** Why not all of it could be read. */
export const unread: ReadonlySignal<unknown> = failure;

const lastAsked = signal<Route["query"]>({});

/** Where what was found is listed. */
export const listPlace: ReadonlySignal<string> = computed(() => to("search", [], lastAsked.value));

let asking = 0;

/** Looks for what the address asks for; an answer that comes after a later question is dropped. */
export async function find(query: Route["query"]): Promise<void> {
  const own = ++asking;
  lastAsked.value = query;
  const asked = askedBy(query);
  const answer = asked.text === "" ? undefined : await desk.search.find(asked);
  if (own !== asking) return;
  newest.value = answer;
  if (answer?.isCut !== true) return;
  const more = await desk.search.findMore(asked);
  if (own === asking) newest.value = more;
}

/** Has the worker read what is to be searched; the share goes up meanwhile. */
export async function readOn(): Promise<void> {
  failure.value = undefined;
  try {
    await desk.search.readOn(near((now: number) => (share.value = now)));
  } catch (problem) {
    failure.value = problem;
  }
}

function askedBy({ text = "", chat, who, from, until, kind }: Route["query"]): Asked {
  return {
    text,
    ...(chat && { chat }),
    ...(who && { who }),
    ...(from && { from: dayStart(from) }),
    ...(until && { until: dayStart(until, 1) }),
    ...(kind && { kind }),
  };
}

/** Changes what is asked for, in the address: what is empty is not in it. */
export function ask(query: Route["query"]): void {
  go(to("search", [], Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ""))), true);
}

/** Where a hit is seen in its chat. */
export function placeOf({ collection, key }: Hit): string {
  return to("chats", [collection], { at: key, found: "yes" });
}

/** Something else is shown now: what was found is not in it. */
shownVersion.subscribe(() => {
  [newest.value, share.value] = [undefined, 0];
});
