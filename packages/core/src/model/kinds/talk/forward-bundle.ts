import type { Check } from "../../check/check.ts";
import type { KindEntry } from "../kind.ts";
import type { MessageContent } from "../../message.ts";
import type { MessageTime } from "../../parts/time.ts";
import type { NativeId } from "../../parts/links.ts";

/** A message inside a bundle. Its attachments stand in the outermost message's list. */
export interface BundleItem extends MessageContent {
  readonly time?: MessageTime;
  readonly nativeIds?: readonly NativeId[];
  /** Places in the outermost message's `attachments`. */
  readonly attached?: readonly number[];
}

/** Several messages that were forwarded as one; items may be bundles again. */
export interface ForwardBundlePayload {
  readonly title?: string;
  /** The lines that the source shows of a closed bundle. */
  readonly summary?: string;
  readonly items: readonly BundleItem[];
  /** True where `items` holds all that the source's bundle holds. */
  readonly complete?: boolean;
}

export const forwardBundle: KindEntry<ForwardBundlePayload> = {
  label: { en: "Chat history", zh: "聊天记录" },
  check({ flag, list, must, object, text }) {
    const item: Check = (value, path, notes) => notes.item(value, path, notes);
    return object<ForwardBundlePayload>({
      title: text,
      summary: text,
      items: must(list(item), []),
      complete: flag,
    });
  },
  texts: (payload) => [payload.title],
};
