import { showPage } from "./page.ts";
import { languagesFor } from "./sentences.ts";

showPage(document, languagesFor(navigator.languages));
