import { expect, test } from "vitest";
import { Patience } from "../base/index.ts";
import { patientAnswer, textOf } from "./answer.ts";

/** An answer as browsers give it: with a body that holds nothing, where it has none. */
function answered(status: number, text: string): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (text !== "") controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });
  return { status, body, headers: new Headers({ "x-told": "yes" }) } as Response;
}

test.each([
  [200, "{}"],
  [201, ""],
  [204, ""],
])("an answer of status %i is read to its end", async (status, text) => {
  const answer = patientAnswer(answered(status, text), new Patience(60_000, undefined));
  expect(answer.status).toBe(status);
  expect(answer.headers.get("x-told")).toBe("yes");
  expect(await textOf(answer, undefined)).toBe(text);
});
