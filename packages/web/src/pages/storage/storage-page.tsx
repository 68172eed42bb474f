import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Bars, withKindName } from "../../parts/bars.tsx";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { to } from "../../state/route.ts";
import { near } from "../../threads/calls.ts";
import { shownTitle } from "../../words/names.ts";
import { storage } from "../../words/pages/storage.ts";
import { countText, sizeText } from "../../words/values.ts";
import { LeftOut } from "./left-out.tsx";
import type { Usage } from "../../worker/look/storage.ts";

/** What fills the vault. */
export function StoragePage(): VNode {
  const words = say(storage);
  const told = useSignal(0);
  const usage = useLoaded(
    () =>
      desk.storage.usage(
        near((event) => {
          if (event.type === "progress") told.value = event.done.messages ?? 0;
        }),
      ),
    [],
  );
  const chats = useLoaded(() => desk.chats.list(), []);
  const { value, error } = usage.value;
  return (
    <section class="page">
      <h1>{words.title}</h1>
      <Problem error={error} />
      {value === undefined && error === undefined && (
        <p class="hint" role="status">
          {words.scanning(countText(told.value))}
        </p>
      )}
      {value !== undefined && <Sums usage={value} />}
      <LeftOut />
      {value !== undefined && (
        <>
          <h2>{words.byChat}</h2>
          <Bars
            shares={(chats.value.value ?? [])
              .map(({ title, messages, attachments, attachmentBytes }) => {
                return { name: shownTitle(title), messages, files: attachments, bytes: attachmentBytes };
              })
              .sort((a, b) => b.bytes - a.bytes)
              .slice(0, MOST)}
            isPrivate
          />
          <h2>{words.byKind}</h2>
          <Bars shares={value.byKind.map(withKindName)} />
          <h2>{words.byYear}</h2>
          <Bars shares={value.byYear} />
        </>
      )}
    </section>
  );
}

const MOST = 20;

function Sums({ usage: { stored, fileBytes, duplicateBytes } }: { readonly usage: Usage }): VNode {
  const words = say(storage);
  return (
    <div class="card">
      {stored !== undefined && (
        <>
          <p>{words.used(sizeText(stored.usedBytes), sizeText(stored.quotaBytes))}</p>
          <meter min={0} max={stored.quotaBytes} value={stored.usedBytes} aria-label={words.title} />
          <p>
            <a href={to("plan")}>{words.plan}</a>
          </p>
          {stored.trashedBytes > 0 && <p class="hint">{words.trashed(sizeText(stored.trashedBytes))}</p>}
        </>
      )}
      <p>
        {words.files(sizeText(fileBytes))} {duplicateBytes > 0 && words.duplicates(sizeText(duplicateBytes))}
      </p>
    </div>
  );
}
