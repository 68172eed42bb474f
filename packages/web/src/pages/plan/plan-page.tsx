import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";
import { laterPage } from "../../app/later-page.tsx";
import { Problem } from "../../parts/problem.tsx";
import { isSample } from "../../state/arrival.ts";
import { say } from "../../state/language.ts";
import { route, to } from "../../state/route.ts";
import { planWords } from "../../words/plan/have.ts";
import { Have } from "./have.tsx";
import { failure, isTest, paid, refresh, shown } from "./shown.ts";

const Choose = laterPage(async () => (await import("./choose.tsx")).Choose);
const Buy = laterPage(async () => (await import("./buy.tsx")).Buy);
const Receipts = laterPage(async () => (await import("./own/receipts.tsx")).Receipts);
const WindowPage = laterPage(async () => (await import("./window/window-page.tsx")).WindowPage);

/** What somebody has, all plans, and buying one. */
export function PlanPage(): VNode {
  const words = say(planWords);
  useEffect(() => {
    if (!isSample.value) void refresh();
    return () => {
      paid.value = undefined;
    };
  }, []);
  if (isSample.value)
    return (
      <Page>
        <h1>{words.title}</h1>
        <p class="lead">{words.sample}</p>
      </Page>
    );
  const value = shown.value;
  if (value === undefined)
    return (
      <Page>
        <h1>{words.title}</h1>
        <Asking />
      </Page>
    );
  return (
    <Page>
      {isTest(value) && <p class="test-mode">{words.test}</p>}
      <Place />
    </Page>
  );
}

function Page({ children }: { readonly children: ComponentChildren }): VNode {
  return <section class="page plan-page">{children}</section>;
}

/** Nothing is known yet: the server is asked, or could not be. */
function Asking(): VNode {
  const words = say(planWords);
  if (failure.value === undefined)
    return (
      <p class="hint" role="status">
        {words.loading}
      </p>
    );
  return (
    <>
      <Problem error={failure.value} />
      <button type="button" onClick={() => void refresh()}>
        {words.again}
      </button>
    </>
  );
}

function Place(): VNode {
  const [place = "", plan = "", period = "", whom = ""] = route.value.rest;
  const back = (
    <p>
      <a href={to("plan")}>← {say(planWords).back}</a>
    </p>
  );
  if (place === "choose")
    return (
      <>
        <Choose shown={shown.value!} />
        {back}
      </>
    );
  if (place === "buy")
    return (
      <>
        <Buy
          key={`${plan} ${period} ${whom}`}
          shown={shown.value!}
          plan={plan}
          period={period}
          isGift={whom === "gift"}
        />
        {back}
      </>
    );
  if (place === "receipts")
    return (
      <>
        <Receipts shown={shown.value!} />
        {back}
      </>
    );
  if (place === "window")
    return (
      <>
        <WindowPage shown={shown.value!} />
        {back}
      </>
    );
  return <Have shown={shown.value!} />;
}
