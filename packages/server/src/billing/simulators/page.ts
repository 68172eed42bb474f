import type { Reply } from "./ground.ts";

/** What stands on the page of a simulated provider. */
export interface Shown {
  readonly provider: string;
  readonly title: string;
  readonly amount: string;
  /** What is agreed to beside paying, in both languages. */
  readonly terms?: readonly [zh: string, en: string];
  /** The page's own address, to which the forms are sent. */
  readonly at: string;
  readonly language: "en" | "zh";
}

const style = `body{font:1.1rem/1.6 system-ui,sans-serif;max-width:32rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;
background:#fff}h1{color:#b00020}button,a.back{font:inherit;padding:.7rem 1.4rem;margin:.4rem .4rem .4rem 0;
min-height:44px;border:1px solid #767676;border-radius:.5rem;background:#f4f4f4;color:#1a1a1a;cursor:pointer}
a.back{display:inline-block;text-decoration:none}button.pay{background:#0b5d2a;color:#fff;border-color:#0b5d2a}
output{display:block;overflow-wrap:anywhere;font-size:.8rem}.amount{font-size:2rem}form{display:inline}
@media (prefers-color-scheme:dark){body{background:#161616;color:#eee}h1{color:#ff8a8a}}`;

/** The page where somebody pays, or does not. No script, and nothing from elsewhere. */
export function payPage({ provider, title, amount, terms, at, language }: Shown): Reply {
  const [pay, decline] = language === "zh" ? ["付款", "不付款"] : ["Pay", "Do not pay"];
  const button = (deed: string, label: string): string =>
    `<form method="post" action="${escaped(at)}/${deed}"><button class="${deed}">${label}</button></form>`;
  const lines = [
    `<p>${escaped(provider)} · ${escaped(title)}</p>`,
    `<p class="amount">${escaped(amount)}</p>`,
    terms === undefined ? "" : `<p>${escaped(terms[language === "zh" ? 0 : 1])}</p>`,
    button("pay", pay!),
    button("decline", decline!),
  ];
  return page(lines.join(""), language);
}

/** What the person sees afterwards, with the way back. */
export function donePage(
  isPaid: boolean,
  {
    returnUrl,
    language,
    receipt,
  }: { readonly returnUrl: string; readonly language: "en" | "zh"; readonly receipt?: string },
): Reply {
  const zh = isPaid ? "已（模拟）付款。" : "没有付款。";
  const en = isPaid ? "Paid, as a test." : "Not paid.";
  const back = /^https?:\/\//.test(returnUrl)
    ? `<p><a class="back" href="${escaped(returnUrl)}">${language === "zh" ? "返回" : "Back"}</a></p>`
    : "";
  // What the app on a phone would get from its store.
  const given = receipt === undefined ? "" : `<output>${escaped(receipt)}</output>`;
  return page(`<p>${language === "zh" ? zh : en}</p>${given}${back}`, language);
}

function page(inner: string, language: "en" | "zh"): Reply {
  const red = language === "zh" ? "测试 TEST：不会真正付款" : "TEST 测试: no money moves";
  return {
    status: 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    },
    body: `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>TEST</title><style>${style}</style><main><h1>${red}</h1>${inner}</main></html>`,
  };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
