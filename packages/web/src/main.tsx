import { render } from "preact";
import { App } from "./app/app.tsx";
import { fetchInside } from "./app/inside-later.tsx";
import { isInWeChat } from "./app/wechat-gate.tsx";
import { passFilmsOn } from "./parts/film/stream.ts";
import { arrive } from "./state/arrival.ts";
import { language, tags } from "./state/language.ts";
import { showLook } from "./state/look.ts";
import { keepApp } from "./state/update.ts";
import { effect } from "@preact/signals";
import "./styles/tokens.css";
import "./styles/page.css";
import "./styles/parts.css";
import "./styles/chat.css";
import "./styles/history.css";
import "./styles/office.css";
import "./styles/large.css";

showLook();
effect(() => {
  document.documentElement.lang = tags[language.value];
});
render(<App />, document.querySelector("#app")!);
passFilmsOn();
if (!isInWeChat()) void begin();

/** One after the other: on a slow line, who waits at the door does not wait for what comes later. */
async function begin(): Promise<void> {
  await arrive();
  // What is inside is fetched while the person is still at the door.
  await fetchInside().catch(() => undefined);
  // While the app is worked on, it is not kept.
  if (import.meta.env.PROD) await keepApp().catch(() => undefined);
}
