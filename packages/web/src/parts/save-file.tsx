import type { Attachment } from "@keepsake/core/model";
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { desk } from "../state/desk.ts";
import { say } from "../state/language.ts";
import { kindWords } from "../words/kinds.ts";
import { download } from "./download.ts";
import { Problem } from "./problem.tsx";

interface SaveFileGiven {
  readonly collection: string;
  readonly attachment: Attachment | undefined;
}

/** Hands out the very bytes that were sent; nothing where they are not there. */
export function SaveFile({ collection, attachment }: SaveFileGiven): VNode | null {
  const words = say(kindWords);
  const error = useSignal<unknown>(undefined);
  const isBusy = useSignal(false);
  const sha256 = attachment?.state === "present" ? attachment.sha256 : undefined;
  if (sha256 === undefined) return null;
  const save = async (): Promise<void> => {
    [error.value, isBusy.value] = [undefined, true];
    try {
      const blob = await desk.files.save(collection, sha256);
      download(blob, attachment?.fileName ?? sha256.slice(0, 8));
    } catch (problem) {
      error.value = problem;
    }
    isBusy.value = false;
  };
  return (
    <>
      <button type="button" class="plain" disabled={isBusy.value} onClick={() => void save()}>
        {isBusy.value ? words.fetching : words.save}
      </button>
      <Problem error={error.value} />
    </>
  );
}
