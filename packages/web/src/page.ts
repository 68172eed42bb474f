import { sentences, type Language } from "./sentences.ts";

/** Fills the body with the page, in the given languages, the first of which becomes the document's. */
export function showPage(page: Document, languages: readonly Language[]): void {
  const say = (tag: "p" | "span", language: Language, text: string): HTMLElement => {
    const element = page.createElement(tag);
    element.lang = language;
    element.textContent = text;
    return element;
  };
  const heading = page.createElement("h1");
  for (const language of languages) {
    if (heading.hasChildNodes()) heading.append(" ");
    heading.append(say("span", language, sentences[language].name));
  }
  const main = page.createElement("main");
  main.append(heading, ...languages.map((language) => say("p", language, sentences[language].promise)));
  const footer = page.createElement("footer");
  footer.append(...languages.map((language) => say("p", language, sentences[language].independence)));
  page.documentElement.lang = languages[0] ?? "zh-CN";
  page.body.replaceChildren(main, footer);
}
