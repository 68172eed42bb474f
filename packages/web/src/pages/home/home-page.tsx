import type { VNode } from "preact";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { home } from "../../words/home.ts";
import { countText, longDayText } from "../../words/values.ts";

/** One traffic light: whether the phone may be changed without worry, or what is still missing. */
export function HomePage(): VNode {
  const words = say(home);
  const chats = useLoaded(() => desk.chats.list(), []);
  const lines = chats.value.value ?? [];
  const messages = lines.reduce((sum, chat) => sum + chat.messages, 0);
  const last = Math.max(...lines.map((chat) => chat.last ?? 0), 0);
  return (
    <section class="page">
      <h1>{words.title}</h1>
      <Problem error={chats.value.error} />
      {chats.value.value !== undefined && (
        <p class="lead">
          {messages === 0 ? words.nothing : words.kept(countText(messages), longDayText(last))}
        </p>
      )}
    </section>
  );
}
