import type { VNode } from "preact";
import { Avatar } from "../../parts/avatar.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { to } from "../../state/route.ts";
import { shownTitle } from "../../words/names.ts";
import { home } from "../../words/pages/home.ts";
import { dayText } from "../../words/values.ts";

/** How many lead from the home page straight into what was said. */
const LATEST = 3;

/** The chats with the newest messages; nothing where they cannot be read now. */
export function LatestChats(): VNode | null {
  const words = say(home);
  const latest = useLoaded(() => desk.chats.latest(LATEST), []).value.value ?? [];
  if (latest.length === 0) return null;
  return (
    <section class="latest-chats" aria-label={words.latest}>
      <h2>{words.latest}</h2>
      {latest.map(({ collection, id, title, last }) => (
        <a key={collection} class="latest-chat" href={to("chats", [collection])}>
          <Avatar name={shownTitle(title)} id={id} />
          <span class="private name">{shownTitle(title)}</span>
          <span class="when">{dayText(last)}</span>
        </a>
      ))}
    </section>
  );
}
