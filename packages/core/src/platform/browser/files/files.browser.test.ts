import { expect, test } from "vitest";
import { sourceConformance, type Contents } from "../../../../testing/sources/conformance.ts";
import { textToBytes, type Finding } from "../../../base/index.ts";
import { filesSource, type PickedFile } from "./files-source.ts";

function picked(files: Contents, top = ""): PickedFile[] {
  return Object.entries(files).map(([path, bytes]) => ({ path: top + path, file: new File([bytes], "x") }));
}

sourceConformance("files that were picked", (files) => Promise.resolve(filesSource(picked(files))));
sourceConformance("files of a folder that was picked", (files) =>
  Promise.resolve(filesSource(picked(files, "chosen/").toReversed())),
);
async function look(source: ReturnType<typeof filesSource>): Promise<string[]> {
  const [paths, findings]: [string[], Finding[]] = [[], []];
  for await (const { path } of source.files((finding) => findings.push(finding))) paths.push(path);
  return [...paths, ...findings.map(({ code, where }) => (where === undefined ? code : `${code} ${where}`))];
}

test("picked files that lead out, or have the path of another, are passed over", async () => {
  const files = picked({ a: textToBytes("a"), "../b": textToBytes("b"), "/c": textToBytes("c") });
  const source = filesSource([...files, ...picked({ a: textToBytes("again") })]);
  expect(await look(source)).toEqual(["a", "format.no-file", "format.no-file", "format.no-file"]);
  expect(await look(filesSource([]))).toEqual([]);
});
