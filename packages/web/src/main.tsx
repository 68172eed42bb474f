import { render } from "preact";
import { App } from "./app/app.tsx";
import { arrive } from "./state/arrival.ts";
import { language, tags } from "./state/language.ts";
import { showLook } from "./state/look.ts";
import { effect } from "@preact/signals";
import "./styles/tokens.css";
import "./styles/page.css";
import "./styles/parts.css";
import "./styles/chat.css";

showLook();
effect(() => {
  document.documentElement.lang = tags[language.value];
});
render(<App />, document.querySelector("#app")!);
void arrive();
