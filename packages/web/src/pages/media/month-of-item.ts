import type { MediaItem } from "../../worker/look/media/walk.ts";

/** The month under which something is listed; empty where no source tells the time. */
export function monthOfItem({ sent, hasTime }: MediaItem): string {
  if (!hasTime) return "";
  const date = new Date(sent);
  return `${date.getFullYear()}-${date.getMonth()}`;
}
