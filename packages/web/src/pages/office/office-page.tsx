import type { VNode } from "preact";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { route, to } from "../../state/route.ts";
import { frame } from "../../words/frame.ts";
import { overviewWords } from "../../words/office/overview.ts";
import { Levels } from "./levels.tsx";
import { Money } from "./money.tsx";
import { OverviewView } from "./overview.tsx";
import { Planner } from "./planner.tsx";

const tabs = ["overview", "costs", "prices", "money"] as const;

/** The operator's console: the server refuses it to everybody else. */
export function OfficePage(): VNode {
  const words = say(overviewWords);
  const tab = tabs.find((each) => each === route.value.rest[0]) ?? "overview";
  return (
    <section class="page office">
      <h1>{words.title}</h1>
      <nav class="tabs" aria-label={words.title}>
        {tabs.map((each) => (
          <a
            key={each}
            href={to("office", each === "overview" ? [] : [each])}
            aria-current={each === tab ? "page" : undefined}
          >
            {words.tabs[each]}
          </a>
        ))}
      </nav>
      <p class="hint">{words.lead}</p>
      {tab === "money" ? <Money /> : <Figures key={tab} tab={tab} />}
    </section>
  );
}

/** What is reckoned with the report of the server. */
function Figures({ tab }: { readonly tab: "overview" | "costs" | "prices" }): VNode {
  const overview = useLoaded(() => desk.office.overview(), []);
  const { value, error } = overview.value;
  if (error !== undefined) return <Problem error={error} />;
  if (value === undefined) return <p class="empty">{say(frame).loading}</p>;
  if (tab === "costs") return <Levels overview={value} />;
  return tab === "prices" ? <Planner own={value.catalogue} /> : <OverviewView overview={value} />;
}
