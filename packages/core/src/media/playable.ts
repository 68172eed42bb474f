import { KeepsakeError, type Bytes, type Code } from "../base/index.ts";
import { wxgfToPng } from "./picture/picture.ts";
import { mediaTypeOf, type MediaName, type MediaType } from "./sniff.ts";
import { amrToWav } from "./voice/amr.ts";
import { silkToWav } from "./voice/silk.ts";

/** What can be done so that browsers and players open a picture or a sound. */
export type Playable = AsItIs | Made | Kept;

/** They open it. */
export interface AsItIs {
  readonly state: "as-it-is";
  readonly type: MediaType;
}

/** They open what was made of it. */
export interface Made {
  readonly state: "made";
  /** What the original is. */
  readonly type: MediaType;
  readonly bytes: Bytes;
  readonly mime: string;
  /** Without a dot. */
  readonly extension: string;
  /** Whether the end was missing. */
  readonly isCut: boolean;
  /** Whether it is one picture of an animation. */
  readonly isAnimated: boolean;
}

/** They open nothing of it; the original is all there is. */
export interface Kept {
  readonly state: "kept";
  readonly type: MediaType;
  readonly code: Code;
}

type Form = Omit<Made, "state" | "type">;

/** How a form is made of each kind that hardly anything opens. */
const makers: Partial<Record<MediaName, (file: Bytes) => Promise<Form>>> = {
  silk: async (file) => wav(await silkToWav(file)),
  amr: async (file) => wav(await amrToWav(file)),
  wxgf: async (file) => ({
    ...(await wxgfToPng(file)),
    mime: "image/png",
    extension: "png",
    isCut: false,
  }),
};

const wav = (voice: { readonly bytes: Bytes; readonly isCut: boolean }): Form => ({
  ...voice,
  mime: "audio/wav",
  extension: "wav",
  isAnimated: false,
});

/**
 * A form of a picture or a sound that browsers and players open. Bytes that are broken give a code, never a throw;
 * undefined where they are no picture or sound that is known here. The bytes given stay as they are.
 */
export async function playable(file: Bytes): Promise<Playable | undefined> {
  const type = mediaTypeOf(file);
  if (type === undefined) return undefined;
  if (!type.isForeign) return { state: "as-it-is", type };
  const make = makers[type.name];
  if (make === undefined) return { state: "kept", type, code: "media.no-decoder" };
  try {
    return { state: "made", type, ...(await make(file)) };
  } catch (error) {
    if (!KeepsakeError.is(error)) throw error;
    return { state: "kept", type, code: error.code };
  }
}
