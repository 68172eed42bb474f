import type { Attachment } from "@keepsake/core/model";
import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { desk } from "../state/desk.ts";

interface Shown {
  readonly url?: string;
  readonly error?: unknown;
  readonly isLoading: boolean;
}

/** An attachment as an address that this page alone can open; nothing where there is none to be opened. */
export function useFile(collection: string, attachment: Attachment | undefined): ReadonlySignal<Shown> {
  const sha256 = attachment?.state === "present" ? attachment.sha256 : undefined;
  const shown = useSignal<Shown>({ isLoading: sha256 !== undefined });
  useEffect(() => {
    if (sha256 === undefined) return;
    let url: string | undefined;
    let isGone = false;
    shown.value = { isLoading: true };
    desk.files.look(collection, sha256).then(
      ({ blob }) => {
        if (isGone) return;
        url = URL.createObjectURL(blob);
        shown.value = { url, isLoading: false };
      },
      (error: unknown) => {
        if (!isGone) shown.value = { error, isLoading: false };
      },
    );
    return () => {
      isGone = true;
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [collection, sha256]);
  return shown;
}
