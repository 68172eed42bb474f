import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { Field, Form } from "../../../parts/form.tsx";
import { desk } from "../../../state/desk.ts";
import { say } from "../../../state/language.ts";
import { to } from "../../../state/route.ts";
import { ownWords } from "../../../words/plan/own.ts";
import { sizeText } from "../../../words/values.ts";
import type { PlanShown } from "../../../worker/plan/plan.ts";
import { refresh } from "../shown.ts";
import { dayText } from "../days.ts";
import { money } from "../texts.ts";
import { Ahead } from "../ahead.tsx";
import { Contacts } from "./contacts.tsx";
import { Idle } from "./idle.tsx";
import { Removals } from "./removals.tsx";
import { Weeks } from "./weeks.tsx";

interface MoreGiven {
  readonly shown: PlanShown;
}

/** What goes with a plan. */
export function More({ shown }: MoreGiven): VNode {
  const words = say(ownWords);
  const isSold = shown.ways.length > 0;
  return (
    <>
      <Notices shown={shown} />
      {(isSold || shown.account !== undefined) && (
        <>
          <p>
            <a class="button" href={to("plan", ["receipts"])}>
              {words.receipts}
            </a>
          </p>
          <Code />
          <Contacts contacts={shown.account?.contacts ?? []} />
        </>
      )}
      <Idle />
      <Weeks />
      {shown.level.untilWeek > 0 && (
        <>
          <Ahead />
          <Removals />
        </>
      )}
    </>
  );
}

/** What the paying side told: to be seen here counts as delivered. */
function Notices({ shown: { account } }: MoreGiven): VNode | null {
  const words = say(ownWords);
  const notices = account?.notices ?? [];
  const unseen = notices
    .filter(({ channels }) =>
      channels.some(({ channel, state }) => channel === "device" && state === "queued"),
    )
    .map(({ id }) => id);
  useEffect(() => {
    if (unseen.length > 0) void desk.papers.showNotices(unseen).catch(() => undefined);
  }, [unseen.join(" ")]);
  if (notices.length === 0) return null;
  return (
    <section class="card">
      <h2>{words.notices}</h2>
      <ul class="plain-list">
        {notices.map(({ id, message, amountMinor, currency, aboutDay, madeDay }) => (
          <li key={id}>
            <span>
              {words.noticeKinds[message]?.(money(amountMinor, currency), dayText(aboutDay)) ?? message}
            </span>
            <span class="when">{dayText(madeDay)}</span>
          </li>
        ))}
      </ul>
      <p class="hint">{words.noticeWay}</p>
    </section>
  );
}

/** A code for a plan, or for a place in somebody's. */
function Code(): VNode {
  const words = say(ownWords);
  const told = useSignal<string | undefined>(undefined);
  return (
    <details class="way">
      <summary>{words.code}</summary>
      <Form
        submit={words.codeUse}
        isSecond
        onSubmit={async ({ code = "" }) => {
          told.value = undefined;
          const { levelBytes } = await desk.plan.redeem(code);
          told.value = words.codeDone(sizeText(levelBytes));
          await refresh();
        }}
      >
        <Field name="code" label={words.codeLabel} hint={words.codeWhy} />
      </Form>
      {told.value !== undefined && <p role="status">✓ {told.value}</p>}
    </details>
  );
}
