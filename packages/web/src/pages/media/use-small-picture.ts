import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { desk } from "../../state/desk.ts";
import type { MediaItem } from "../../worker/look/media/walk.ts";

/** Larger pictures are made small only where the source did it. */
const MOST_BYTES = 64 * 1024 * 1024;

/** A picture made small, as an address that this page alone can open, as long as it is shown. */
export function useSmallPicture({
  collection,
  main,
  thumb,
  kind,
}: MediaItem): ReadonlySignal<string | undefined> {
  const isPicture = kind === "image" || kind === "gif";
  const isFine = isPicture && main?.state === "present" && (main.sizeBytes ?? 0) <= MOST_BYTES;
  const source = thumb?.state === "present" ? thumb : isFine ? main : undefined;
  const sha256 = source?.sha256;
  const url = useSignal<string | undefined>(undefined);
  useEffect(() => {
    if (sha256 === undefined) return;
    let made: string | undefined;
    let isGone = false;
    desk.media.picture(collection, sha256).then(
      (blob) => {
        if (!isGone && blob !== undefined) url.value = made = URL.createObjectURL(blob);
      },
      // The tile stays without its picture; the viewer says why.
      () => undefined,
    );
    return () => {
      isGone = true;
      if (made !== undefined) URL.revokeObjectURL(made);
      url.value = undefined;
    };
  }, [collection, sha256]);
  return url;
}
