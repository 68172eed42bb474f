import type { VNode } from "preact";
import { Enter } from "../pages/door/enter.tsx";
import { Front } from "../pages/door/front.tsx";
import { LogIn } from "../pages/door/log-in.tsx";
import { Unlock } from "../pages/door/unlock.tsx";
import { laterPage } from "./later-page.tsx";
import { arrival, isKitLater } from "../state/arrival.ts";
import { say } from "../state/language.ts";
import { route } from "../state/route.ts";
import { door } from "../words/pages/door.ts";
import { InsideLater } from "./inside-later.tsx";
import { LanguageSwitch } from "./language-switch.tsx";
import { UpdateNote } from "./update-note.tsx";
import { isInWeChat, WeChatGate } from "./wechat-gate.tsx";

/** What is gone through once on a device, as one file. */
const firstTime = () => import("../pages/door/first-time.ts");
const FromDevice = laterPage(async () => (await firstTime()).FromDevice);
const SignUp = laterPage(async () => (await firstTime()).SignUp);
const MakeVault = laterPage(async () => (await firstTime()).MakeVault);
const NewKit = laterPage(async () => (await firstTime()).NewKit);

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
  if (come?.standing === "open" && (come.hasWords !== true || isKitLater.value)) return <InsideLater />;
  return (
    <div class="outside">
      <header>
        <LanguageSwitch />
      </header>
      <main>{come === undefined ? null : <Way />}</main>
      <footer>
        <p>{say(door).independence}</p>
      </footer>
    </div>
  );
}

/** The step of the way in that somebody stands before. */
function Way(): VNode {
  const { standing, name = "" } = arrival.value!;
  if (standing === "locked") return <Unlock name={name} />;
  if (standing === "closed") return <Enter />;
  if (standing === "empty") return <MakeVault />;
  if (standing === "open") return <NewKit />;
  const { page } = route.value;
  if (page === "sign-up") return <SignUp />;
  if (page === "from-device") return <FromDevice />;
  return page === "log-in" ? <LogIn /> : <Front />;
}
