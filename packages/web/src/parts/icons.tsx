import type { VNode } from "preact";

/** Our own mark: a box that keeps a word. */
export function Seal({ size }: { readonly size: number }): VNode {
  return (
    <svg class="seal" width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
      <rect x="4" y="4" width="56" height="56" rx="16" />
      <path d="M18 20h28a4 4 0 0 1 4 4v14a4 4 0 0 1-4 4H32l-9 8v-8h-5a4 4 0 0 1-4-4V24a4 4 0 0 1 4-4Z" />
      <circle cx="32" cy="31" r="4.5" />
    </svg>
  );
}

const shapes = {
  home: "M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1Z",
  chats: "M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-8l-5 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z",
  search: "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Zm5 11.5L20 20",
  media: "M4 5h16v14H4Zm0 11 5-5 4 4 3-3 4 4M15.5 9.5h.01",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  settings:
    "M4 7h10M18 7h2M4 17h2M10 17h10M14 7a2 2 0 1 0 4 0 2 2 0 0 0-4 0ZM6 17a2 2 0 1 0 4 0 2 2 0 0 0-4 0Z",
  security: "M12 4 5 7v5c0 4 3 7 7 8 4-1 7-4 7-8V7Z",
  sources: "M12 4v11m0 0-4-4m4 4 4-4M5 20h14",
  storage: "M5 7c0-4 14-4 14 0v10c0 4-14 4-14 0Zm0 0c0 4 14 4 14 0M5 12c0 4 14 4 14 0",
  plan: "M4 7h16v11H4Zm0 4h16M7 15h4",
  versions: "M12 7v5l3 2M4.5 9A8 8 0 1 1 4 12M4 5v4h4",
  takeOut: "M12 16V5m0 0L8 9m4-4 4 4M5 20h14",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6Z",
  back: "M15 5l-7 7 7 7",
  calendar: "M5 6h14v14H5Zm0 5h14M9 4v4m6-4v4",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6 9c0-4 3-6 6-6s6 2 6 6m1-16a3.5 3.5 0 0 1 0 7m2 3c2 1 3 3 3 6",
  office: "M4 20V9l8-5 8 5v11M4 20h16M9 20v-6h6v6",
  file: "M6 3h8l4 4v14H6Zm8 0v4h4",
} as const;

export type IconName = keyof typeof shapes;

/** A drawing beside a word, which says what it means. */
export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg class="icon" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  );
}
