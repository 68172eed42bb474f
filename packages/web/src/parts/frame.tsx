import type { Attachment } from "@keepsake/core/model";
import type { VNode } from "preact";

/** Holds the place of a picture or film that is not there yet. */
export function Frame({ of }: { readonly of: Attachment | undefined }): VNode {
  const { width = 160, height = 120 } = of ?? {};
  return (
    <svg class="frame" viewBox={`0 0 ${width} ${height}`} width={Math.min(width, 280)} aria-hidden="true" />
  );
}
