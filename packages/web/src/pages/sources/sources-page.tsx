import type { VNode } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { laterPage } from "../../app/later-page.tsx";
import { arrival, isSample } from "../../state/arrival.ts";
import { say } from "../../state/language.ts";
import { route, to } from "../../state/route.ts";
import { byPasskey } from "../../words/keys/by-passkey.ts";
import { sources, ways } from "../../words/pages/sources.ts";
import { ChooseSource } from "./choose-source.tsx";
import { ImportSource } from "./import-source.tsx";
import { Shared } from "./shared-files.tsx";
import { begin, found, step } from "./under-way.ts";

const WeChatWays = laterPage(async () => (await import("./wechat-ways.tsx")).WeChatWays);

/** Bringing histories in, and what works for WeChat on which phone. */
export function SourcesPage(): VNode {
  return route.value.rest[0] === "wechat" ? <WeChatWays /> : <BringIn />;
}

function BringIn(): VNode {
  const words = say(sources);
  // What came to its end was seen; what is under way is shown again.
  useLayoutEffect(() => {
    if (step.value.is === "done" || step.value.is === "stopped") begin(undefined);
  }, []);
  return (
    <section class="page">
      <h1>{words.title}</h1>
      {isSample.value ? (
        <p class="lead">{words.sampleNo}</p>
      ) : arrival.value?.isReading === true ? (
        <p class="lead">
          {say(byPasskey).reading} <a href={to("security")}>{say(byPasskey).readingMore}</a>
        </p>
      ) : found.value === undefined ? (
        <>
          <p class="lead">{words.lead}</p>
          <ChooseSource above={(take) => <Shared onFiles={take} />} />
        </>
      ) : (
        <ImportSource found={found.value} onOther={() => begin(undefined)} />
      )}
      <h2>{words.howTo}</h2>
      <p>
        <a class="button" href={to("sources", ["wechat"])}>
          {words.wechatWays}
        </a>
      </p>
      {say(ways).map(({ title, steps }) => (
        <details key={title} class="way">
          <summary>{title}</summary>
          <ol>
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </details>
      ))}
    </section>
  );
}
