import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { go, to } from "../../state/route.ts";
import { buyWords } from "../../words/plan/buy.ts";
import { giftWords } from "../../words/plan/gifts.ts";
import { sizeText } from "../../words/values.ts";
import type { Begun as BegunPayment, PlanShown } from "../../worker/plan/plan.ts";
import { paid, refresh } from "./shown.ts";

/** A payment that was begun, or has just come in. */
export function Begun({ shown }: { readonly shown: PlanShown }): VNode | null {
  const words = say(buyWords);
  if (paid.value !== undefined) return <Paid />;
  const begun = shown.begun ?? elsewhereOf(shown);
  if (begun === undefined) return null;
  return (
    <section class="card" aria-label={words.begun}>
      <h2>{words.begun}</h2>
      <Waiting key={begun.id} begun={begun} />
    </section>
  );
}

const DAY_MS = 86_400_000;
/** What was begun in another browser is told of for so many days. */
const TOLD_DAYS = 3;

function elsewhereOf({ account }: PlanShown): BegunPayment | undefined {
  const today = Math.floor(Date.now() / DAY_MS);
  const line = [...(account?.subscriptions ?? []), ...(account?.gifts ?? [])].find(
    ({ state, sinceDay }) => state === "pending" && Math.abs(today - sinceDay) <= TOLD_DAYS,
  );
  return line && { id: line.id, next: { how: "elsewhere" } };
}

function Paid(): VNode {
  const words = say(buyWords);
  const { levelBytes, isGift } = paid.value!;
  if (isGift)
    return (
      <section class="card paid" role="status">
        <p class="plan-name">✓ {say(giftWords).paid}</p>
        <p>{say(giftWords).paidNext}</p>
      </section>
    );
  return (
    <section class="card paid" role="status">
      <p class="plan-name">✓ {words.paid}</p>
      <p>{levelBytes === undefined ? words.soon : words.roomNow(sizeText(levelBytes))}</p>
    </section>
  );
}

/** Every so often it is asked whether the payment came in, more seldom as time goes. */
const PAUSES_MS = [1_500, 2_000, 3_000, 4_000, 5_000, 5_000, 10_000, 10_000, 20_000, 30_000];

/** What the person does next, and whether it was done. */
export function Waiting({ begun }: { readonly begun: BegunPayment }): VNode {
  const words = say(buyWords);
  const asked = useSignal(0);
  const isFailed = useSignal(false);
  const error = useSignal<unknown>(undefined);
  const look = async (): Promise<void> => {
    error.value = undefined;
    try {
      const { line, levelBytes, isPaid } = await desk.plan.look(begun.id);
      if (isPaid) {
        paid.value = { levelBytes, isGift: line.isGift };
        await refresh();
        go(to("plan"), true);
      } else if (line.state !== "pending") isFailed.value = true;
    } catch (problem) {
      error.value = problem;
    } finally {
      asked.value++;
    }
  };
  const isPolled = begun.next.how !== "transfer";
  useEffect(() => {
    if (!isPolled || isFailed.value || asked.value >= PAUSES_MS.length) return;
    const timer = setTimeout(() => void look(), PAUSES_MS[asked.value]);
    return () => clearTimeout(timer);
  }, [asked.value]);
  const isLong = !isPolled ? asked.value > 0 : asked.value >= 4;
  return (
    <>
      {!isFailed.value && <Next next={begun.next} />}
      {(isPolled || asked.value > 0) && (
        <p class="hint" role="status">
          {isFailed.value ? words.failed : isLong ? words.notYet : words.waiting}
        </p>
      )}
      <Problem error={error.value} />
      <After begun={begun} isFailed={isFailed.value} onLook={look} />
    </>
  );
}

interface AfterGiven {
  readonly begun: BegunPayment;
  readonly isFailed: boolean;
  readonly onLook: () => Promise<void>;
}

function After({ begun, isFailed, onLook }: AfterGiven): VNode {
  const words = say(buyWords);
  const giveUp = async (): Promise<void> => {
    await desk.plan.forgetBegun();
    await refresh();
  };
  return (
    <div class="actions">
      {!isFailed && (
        <button type="button" onClick={() => void onLook()}>
          {words.look}
        </button>
      )}
      <a class="button plain" href={to("plan", ["choose"])}>
        {words.another}
      </a>
      {(isFailed || begun.next.how !== "elsewhere") && (
        <button type="button" class="plain" onClick={() => void giveUp()}>
          {words.giveUp}
        </button>
      )}
    </div>
  );
}

function Next({ next }: Pick<BegunPayment, "next">): VNode | null {
  const words = say(buyWords);
  if (next.how === "transfer") return <Transfer to={next.to} purpose={next.purpose} />;
  if (next.how === "redirect") return <p role="status">{words.leaving}</p>;
  if (next.how !== "qr") return next.how === "nothing" ? null : <p>{words[next.how]}</p>;
  const { size, path } = next.code;
  return (
    <>
      <p>{words.qr}</p>
      <svg
        class="code"
        role="img"
        aria-label={words.qrImage}
        viewBox={`-4 -4 ${size + 8} ${size + 8}`}
        shape-rendering="crispEdges"
      >
        <path d={path} />
      </svg>
    </>
  );
}

function Transfer({ to: account, purpose }: { readonly to: string; readonly purpose: string }): VNode {
  const words = say(buyWords);
  const isCopied = useSignal(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(purpose);
    isCopied.value = true;
  };
  return (
    <>
      <p>{words.transfer}</p>
      <dl class="fields">
        <div>
          <dt>{words.to}</dt>
          <dd class="address">{account}</dd>
        </div>
        <div>
          <dt>{words.purpose}</dt>
          <dd class="address">{purpose}</dd>
        </div>
      </dl>
      <button type="button" onClick={() => void copy().catch(() => undefined)}>
        {isCopied.value ? words.copied : words.copy}
      </button>
      <p class="hint">{words.transferWhy}</p>
    </>
  );
}
