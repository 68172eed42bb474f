import { kindEntry } from "@keepsake/core/model";
import type { VNode } from "preact";
import { language, say } from "../state/language.ts";
import { storage } from "../words/pages/storage.ts";
import { countText, sizeText } from "../words/values.ts";
import type { Share } from "../worker/look/storage.ts";

interface BarsGiven {
  readonly shares: readonly Share[];
  readonly isPrivate?: boolean;
  /** What else is said of a share of so many bytes. */
  readonly beside?: (bytes: number) => string;
}

/** Bars of what takes how much, with the figures beside them. */
export function Bars({ shares, isPrivate, beside }: BarsGiven): VNode {
  const words = say(storage);
  const most = Math.max(1, ...shares.map(({ bytes }) => bytes));
  return (
    <ul class="plain-list bars">
      {shares.map(({ name, messages, files, bytes }, i) => (
        <li key={`${name} ${i}`}>
          <span class={isPrivate === true ? "private" : undefined}>{name}</span>
          <span class="hint">
            {words.line(countText(messages), countText(files))} · {sizeText(bytes)}
            {beside !== undefined && ` · ${beside(bytes)}`}
          </span>
          <meter min={0} max={most} value={bytes} aria-hidden="true" />
        </li>
      ))}
    </ul>
  );
}

/** The share of a kind of message, by the name of the kind. */
export function withKindName(share: Share): Share {
  return { ...share, name: kindEntry(share.name)?.label[language.value] ?? share.name };
}
