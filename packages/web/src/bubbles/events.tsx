import type { VNode } from "preact";
import { say } from "../state/language.ts";
import { kindWords } from "../words/kinds.ts";
import { lengthText } from "../words/values.ts";
import { Card } from "./cards.tsx";
import { numberOf, textOf, type BubbleGiven } from "./given.ts";

export function Call({ message: { payload, body } }: BubbleGiven): VNode {
  const words = say(kindWords);
  const durationMs = numberOf(payload, "durationMs");
  const result = textOf(payload, "result");
  const parts = [
    textOf(payload, "media") === "video" ? words.call.video : words.call.voice,
    durationMs === undefined ? undefined : lengthText(durationMs),
    result === undefined ? body?.text : (words.callResults[result] ?? result),
  ];
  return <p class="text call">{parts.filter((part) => part !== undefined && part !== "").join(" · ")}</p>;
}

export function Transfer({ message: { payload } }: BubbleGiven): VNode {
  const words = say(kindWords);
  return (
    <Money
      kind={words.transfer}
      payload={payload}
      note={textOf(payload, "note")}
      state={words.transferStates[textOf(payload, "state") ?? ""]}
    />
  );
}

export function RedPacket({ message: { payload } }: BubbleGiven): VNode {
  const words = say(kindWords);
  return (
    <Money
      kind={words.redPacket}
      payload={payload}
      note={textOf(payload, "greeting")}
      state={words.redPacketStates[textOf(payload, "state") ?? ""]}
    />
  );
}

export function Invoice({ message: { payload } }: BubbleGiven): VNode {
  return (
    <Money
      kind={say(kindWords).invoice}
      payload={payload}
      note={textOf(payload, "title")}
      state={undefined}
    />
  );
}

export function Gift({ message: { payload } }: BubbleGiven): VNode {
  return (
    <Money kind={say(kindWords).gift} payload={payload} note={textOf(payload, "title")} state={undefined} />
  );
}

interface MoneyGiven {
  readonly kind: string;
  readonly payload: object | undefined;
  readonly note: string | undefined;
  readonly state: string | undefined;
}

/** A sum as the source says it, never as a number of ours. */
function Money({ kind, payload, note, state }: MoneyGiven): VNode {
  const [amount, currency] = [textOf(payload, "amount"), textOf(payload, "currency")];
  const sum = amount === undefined ? undefined : currency === undefined ? amount : `${amount} ${currency}`;
  return <Card kind={kind} title={sum ?? note} text={sum === undefined ? undefined : note} beside={state} />;
}
