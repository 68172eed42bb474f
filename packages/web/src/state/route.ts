import { signal, type ReadonlySignal } from "@preact/signals";

/*
 * Where one is stands behind the # of the address: that part never goes to the server, so which chat somebody reads is
 * in no log.
 */

export interface Route {
  /** Such as `chats`. */
  readonly page: string;
  /** What comes after it, such as the chat. */
  readonly rest: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

const current = signal(parsed(location.hash));

export const route: ReadonlySignal<Route> = current;

addEventListener("hashchange", () => {
  current.value = parsed(location.hash);
});

/** The address of a page, for a link. */
export function to(
  page: string,
  rest: readonly string[] = [],
  query: Readonly<Record<string, string>> = {},
): string {
  const path = [page, ...rest].map(encodeURIComponent).join("/");
  const asked = new URLSearchParams(query).toString();
  return `#/${path}${asked === "" ? "" : `?${asked}`}`;
}

/** Goes there; `isInPlace` where going back is to pass over it. */
export function go(address: string, isInPlace = false): void {
  if (isInPlace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  current.value = parsed(address);
}

function parsed(hash: string): Route {
  const [path = "", asked = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [page = "", ...rest] = path.split("/").map(decoded);
  return { page: page === "" ? "home" : page, rest, query: Object.fromEntries(new URLSearchParams(asked)) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
