import { afterAll } from "vitest";
import { endBrowser } from "./web/browser.ts";

/* What is done around each file of tests in Node. */
afterAll(endBrowser);
