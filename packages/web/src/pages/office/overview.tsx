import type { VNode } from "preact";
import { say } from "../../state/language.ts";
import { overviewWords } from "../../words/office/overview.ts";
import { countText, sizeText } from "../../words/values.ts";
import type { Overview } from "../../worker/office/office.ts";
import { dayOfBooks, money, partText, planName } from "./amounts.ts";
import { Table } from "./table.tsx";

type Given = { readonly overview: Overview };

/** States in which a plan is paid for. */
const paid: ReadonlySet<string> = new Set(["active", "grace", "paused", "canceled"]);

/** How many subscriptions are paid for, of one plan or of all. */
export function paidCount({ report: { standing } }: Overview, plan?: string): number {
  return standing
    .filter((each) => paid.has(each.state) && (plan === undefined || each.plan === plan))
    .reduce((sum, { count }) => sum + count, 0);
}

/** What there is: who has what, what was sold, what failed, what differs. */
export function OverviewView({ overview }: Given): VNode {
  return (
    <>
      <Now overview={overview} />
      <Standing overview={overview} />
      <Sold overview={overview} />
      <Members overview={overview} />
      <Notices overview={overview} />
      <Days overview={overview} />
    </>
  );
}

function Now({ overview }: Given): VNode {
  const words = say(overviewWords);
  const { report, sums } = overview;
  const { ended, of } = report.churn;
  const paying = paidCount(overview);
  const figures: readonly (readonly [string, string, string?])[] = [
    [words.members, countText(sums.members)],
    [words.paying, countText(paying)],
    [words.payerRate, partText(paying, sums.members)],
    [words.churn, partText(ended, of), words.churnOf(countText(ended), countText(of))],
    [words.failed, countText(report.failedCharges)],
    [words.stored, sizeText(sums.usedBytes)],
  ];
  return (
    <dl class="now" aria-label={words.figures}>
      {figures.map(([name, value, more]) => (
        <div key={name} class="card">
          <dt>{name}</dt>
          <dd>
            {value} {more !== undefined && <span class="hint">{more}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Standing({ overview: { report, catalogue } }: Given): VNode {
  const words = say(overviewWords);
  const { standing } = report;
  const states = Object.keys(words.states).filter((state) => standing.some((each) => each.state === state));
  const plans = [...new Set(standing.map(({ plan }) => plan))];
  const count = (plan: string, state: string): string =>
    countText(standing.find((each) => each.plan === plan && each.state === state)?.count ?? 0);
  return (
    <section>
      <h2>{words.standing}</h2>
      {plans.length === 0 ? (
        <p class="hint">{words.nothing}</p>
      ) : (
        <Table
          title={words.standing}
          columns={[words.plan, ...states.map((state) => words.states[state] ?? state)]}
          rows={plans.map((plan) => [
            planName(catalogue, plan),
            ...states.map((state) => count(plan, state)),
          ])}
        />
      )}
    </section>
  );
}

/** One bar a month, the newest first, with what it is made of. */
function Sold({ overview: { report, catalogue } }: Given): VNode {
  const words = say(overviewWords);
  const { months, currency } = report;
  const names = [...new Set(months.map(({ month }) => month))].toReversed();
  const sums = names.map((name) => {
    const parts = months.filter(({ month }) => month === name);
    return { name, parts, sum: parts.reduce((total, { soldMinor }) => total + soldMinor, 0) };
  });
  const most = Math.max(1, ...sums.map(({ sum }) => sum));
  return (
    <section>
      <h2>{words.sold}</h2>
      {sums.length === 0 && <p class="hint">{words.nothing}</p>}
      <ul class="plain-list bars">
        {sums.map(({ name, parts, sum }) => (
          <li key={name}>
            <span>
              {name} <strong>{money(sum, currency)}</strong>
            </span>
            <span class="hint">
              {parts
                .map(({ plan, soldMinor }) => `${planName(catalogue, plan)} ${money(soldMinor, currency)}`)
                .join(" · ")}
            </span>
            <meter min={0} max={most} value={Math.max(0, sum)} aria-hidden="true" />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Members({ overview: { sums } }: Given): VNode {
  const words = say(overviewWords);
  return (
    <section>
      <h2>{words.byState}</h2>
      <Table
        title={words.byState}
        columns={words.stateColumns}
        rows={[...sums.states, ...sums.lapses].map(({ state, count }) => [
          words.memberStates[state] ?? state,
          countText(count),
        ])}
      />
    </section>
  );
}

function Notices({ overview: { report } }: Given): VNode {
  const words = say(overviewWords);
  return (
    <section>
      <h2>{words.notices}</h2>
      {report.notices.length === 0 ? (
        <p class="hint">{words.nothing}</p>
      ) : (
        <Table
          title={words.notices}
          columns={words.noticeColumns}
          rows={report.notices.map(({ message, state, count }) => [
            words.messages[message] ?? message,
            words.deliveries[state] ?? state,
            countText(count),
          ])}
        />
      )}
    </section>
  );
}

type ComparedDay = Overview["days"][number];

/** What the books of providers say beside ours: what differs is to be seen, the rest may be. */
function Days({ overview: { report, days } }: Given): VNode {
  const words = say(overviewWords);
  const isOff = ({ theirMinor, ourMinor, unknown }: ComparedDay): boolean =>
    theirMinor !== ourMinor || unknown.length > 0;
  const differing = days.filter(isOff);
  const same = days.filter((each) => !isOff(each));
  return (
    <section>
      <h2>{words.days}</h2>
      <p class="hint">{days.length === 0 ? words.nothing : words.daysHint}</p>
      {differing.length > 0 && <DayTable days={differing} currency={report.currency} isOff />}
      {same.length > 0 && (
        <details>
          <summary>{words.sameDays(countText(same.length))}</summary>
          <DayTable days={same} currency={report.currency} />
        </details>
      )}
    </section>
  );
}

interface DayTableGiven {
  readonly days: readonly ComparedDay[];
  readonly currency: string;
  readonly isOff?: boolean;
}

function DayTable({ days, currency, isOff = false }: DayTableGiven): VNode {
  const words = say(overviewWords);
  const difference = ({ theirMinor, ourMinor, unknown }: ComparedDay): string =>
    [
      money(theirMinor - ourMinor, currency),
      ...(unknown.length > 0 ? [words.unknown(countText(unknown.length))] : []),
    ].join(", ");
  return (
    <Table
      title={isOff ? words.days : words.same}
      columns={words.dayColumns}
      marked={new Set(isOff ? days.keys() : [])}
      rows={days.map((each) => [
        words.providers[each.provider] ?? each.provider,
        dayOfBooks(each.day),
        money(each.theirMinor, currency),
        money(each.ourMinor, currency),
        isOff ? difference(each) : words.same,
      ])}
    />
  );
}
