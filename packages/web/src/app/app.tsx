import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { Enter } from "../pages/door/enter.tsx";
import { Front } from "../pages/door/front.tsx";
import { MakeKit } from "../pages/door/kit.tsx";
import { LogIn } from "../pages/door/log-in.tsx";
import { SignUp } from "../pages/door/sign-up.tsx";
import { Unlock } from "../pages/door/unlock.tsx";
import { arrival } from "../state/arrival.ts";
import { desk } from "../state/desk.ts";
import { say } from "../state/language.ts";
import { route } from "../state/route.ts";
import { door } from "../words/pages/door.ts";
import { InsideLater } from "./inside-later.tsx";
import { LanguageSwitch } from "./language-switch.tsx";
import { UpdateNote } from "./update-note.tsx";
import { isInWeChat, WeChatGate } from "./wechat-gate.tsx";

/** The whole page. */
export function App(): VNode {
  if (isInWeChat()) return <WeChatGate />;
  return (
    <>
      <UpdateNote />
      <Ways />
    </>
  );
}

/** The way in, or what is inside. */
function Ways(): VNode {
  const come = arrival.value;
  const hasWords = useSignal(false);
  useEffect(() => {
    if (come?.standing === "open")
      void desk.door.words().then((words) => (hasWords.value = words.length > 0));
  }, [come, hasWords]);
  if (come?.standing === "open" && !hasWords.value) return <InsideLater />;
  return (
    <div class="outside">
      <header>
        <LanguageSwitch />
      </header>
      <main>{come === undefined ? null : <Way onKit={() => (hasWords.value = false)} />}</main>
      <footer>
        <p>{say(door).independence}</p>
      </footer>
    </div>
  );
}

/** The step of the way in that somebody stands before. */
function Way({ onKit }: { readonly onKit: () => void }): VNode {
  const { standing, name = "" } = arrival.value!;
  if (standing === "locked") return <Unlock name={name} />;
  if (standing === "closed") return <Enter />;
  if (standing === "empty" || standing === "open") return <MakeKit onDone={onKit} />;
  const { page } = route.value;
  if (page === "sign-up") return <SignUp />;
  return page === "log-in" ? <LogIn /> : <Front />;
}
