import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Seal } from "../parts/icons.tsx";
import { tags, type Language } from "../state/language.ts";
import { gate } from "../words/gate.ts";

/**
 * Whether this is the browser inside of WeChat: it forgets what a page keeps, downloads nothing, and another company
 * reads along. Nobody is asked for a password or recovery words in it.
 */
export function isInWeChat(agent: string = navigator.userAgent): boolean {
  return /MicroMessenger/i.test(agent);
}

/** How to go on in a browser, in both languages: who stands here has chosen none yet. */
export function WeChatGate(): VNode {
  const isCopied = useSignal(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(location.href);
    isCopied.value = true;
  };
  return (
    <div class="outside">
      <main>
        <section class="door">
          <Seal size={56} />
          <Dots />
          {(["zh", "en"] as const).map((language) => (
            <Steps key={language} language={language} isCopied={isCopied.value} />
          ))}
          <p class="address">{location.href}</p>
          <div class="actions">
            <button type="button" class="main" onClick={() => void copy().catch(() => undefined)}>
              {gate.zh.copy} <span lang={tags.en}>{gate.en.copy}</span>
            </button>
          </div>
        </section>
      </main>
    </div>
  );
}

function Steps({ language, isCopied }: { readonly language: Language; readonly isCopied: boolean }): VNode {
  const words = gate[language];
  return (
    <div lang={tags[language]}>
      <h1>{words.title}</h1>
      <ol>
        {words.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {isCopied && <p role="status">{words.copied}</p>}
    </div>
  );
}

/** The corner of the screen with its three dots, and an arrow to them. */
function Dots(): VNode {
  return (
    <svg class="dots" viewBox="0 0 160 80" width="160" height="80" aria-hidden="true">
      <rect x="4" y="4" width="152" height="72" rx="10" />
      <path d="M4 30h152M40 66c44 4 76-8 90-30m-9 1 9-4 2 10" />
      <circle cx="126" cy="17" r="3" />
      <circle cx="136" cy="17" r="3" />
      <circle cx="146" cy="17" r="3" />
    </svg>
  );
}
