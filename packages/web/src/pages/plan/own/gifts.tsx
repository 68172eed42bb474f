import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { desk } from "../../../state/desk.ts";
import { say } from "../../../state/language.ts";
import { giftWords } from "../../../words/plan/gifts.ts";
import { planWords } from "../../../words/plan/have.ts";
import type { Gift } from "../../../worker/plan/papers.ts";
import type { PlanShown } from "../../../worker/plan/plan.ts";
import { refresh } from "../shown.ts";
import { dayText } from "../days.ts";
import { planName } from "../texts.ts";
import { Refund } from "./subscription.tsx";
import { TwoSteps } from "./two-steps.tsx";

interface GiftsGiven {
  readonly shown: PlanShown;
}

const DAY_MS = 86_400_000;
/** What was begun and not paid is told of for so many days: a transfer takes some. */
const TOLD_DAYS = 14;

/** What somebody bought for others: how it stands, and its codes. */
export function Gifts({ shown }: GiftsGiven): VNode | null {
  const words = say(giftWords);
  const gifts = shown.account?.gifts.filter(isTold) ?? [];
  if (gifts.length === 0) return null;
  return (
    <section class="card" aria-label={words.title}>
      <h2>{words.title}</h2>
      {gifts.map((gift) => (
        <One key={gift.id} shown={shown} gift={gift} />
      ))}
    </section>
  );
}

function isTold({ state, sinceDay }: Gift): boolean {
  if (state === "pending") return Math.floor(Date.now() / DAY_MS) - sinceDay <= TOLD_DAYS;
  return state !== "ended";
}

interface OneGiven extends GiftsGiven {
  readonly gift: Gift;
}

function One({ shown, gift }: OneGiven): VNode {
  const words = say(giftWords);
  const { id, plan, period, state, codeDay } = gift;
  const code = useSignal<string | undefined>(undefined);
  return (
    <div class="own-plan">
      <p class="plan-name">
        {planName(shown.catalogue, plan)} <span class="hint">{say(planWords).periods[period]}</span>
      </p>
      <p>{words.states[state](dayText(codeDay))}</p>
      {state === "open" && (
        <>
          <div class="actions">
            <Show shown={shown} gift={gift} onCode={(made) => (code.value = made)} />
          </div>
          {code.value !== undefined && <Code key={code.value} code={code.value} />}
          <div class="actions">
            <Refund shown={shown} id={id} words={words} />
          </div>
        </>
      )}
    </div>
  );
}

/** The code is made when it is shown: the server keeps only its hash. */
function Show({
  shown,
  gift,
  onCode,
}: OneGiven & { readonly onCode: (code: string | undefined) => void }): VNode {
  const words = say(giftWords);
  const { id, hasCode } = gift;
  const plan = planName(shown.catalogue, gift.plan);
  const show = async (): Promise<string> => {
    onCode(undefined);
    onCode(await desk.papers.giftCode(id));
    await refresh();
    return words.made;
  };
  return (
    <TwoSteps
      label={hasCode ? words.again : words.show}
      name={hasCode ? words.againName(plan) : words.showName(plan)}
      sure={hasCode ? words.againSure : words.showSure}
      onSure={show}
    >
      <p>{hasCode ? words.againWhy : words.showWhy}</p>
    </TwoSteps>
  );
}

function Code({ code }: { readonly code: string }): VNode {
  const words = say(giftWords);
  const isCopied = useSignal(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(code);
    isCopied.value = true;
  };
  return (
    <>
      <div role="status">
        <p>{words.code}</p>
        <p class="address code-text">{code}</p>
      </div>
      <button type="button" onClick={() => void copy().catch(() => undefined)}>
        {isCopied.value ? words.copied : words.copy}
      </button>
    </>
  );
}
