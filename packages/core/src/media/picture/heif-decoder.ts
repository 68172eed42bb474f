import { KeepsakeError, type Bytes } from "../../base/index.ts";

/** A picture as four bytes a pixel: red, green, blue, opacity. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Bytes;
}

/** What we use of libheif. Handles are objects of its own; what fails has a `code` that is not OK. */
interface Heif {
  readonly heif_error_code: { readonly heif_error_Ok: object };
  readonly heif_colorspace: { readonly heif_colorspace_RGB: object };
  readonly heif_chroma: { readonly heif_chroma_interleaved_RGBA: object };
  readonly heif_channel: { readonly heif_channel_interleaved: object };
  heif_context_alloc(): object;
  heif_context_read_from_memory(context: object, file: Bytes): { readonly code: object };
  heif_js_context_get_primary_image_handle(context: object): Outcome;
  heif_js_decode_image2(handle: object, space: object, chroma: object): Outcome | Promise<Outcome>;
}

type Outcome = object & { readonly code?: object; readonly channels?: readonly Channel[] };

interface Channel {
  readonly id: object;
  readonly width: number;
  readonly height: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
  /** A view of the module's memory. */
  readonly data: Uint8Array;
}

/**
 * The pixels of a HEIC. Its decoder is a file of its own under another licence, which is loaded with the first picture;
 * throws `media.no-decoder` where it is not installed. Each picture has a module of its own, and its memory goes with it.
 */
export async function decodeHeic(file: Bytes): Promise<Pixels> {
  const { startLibheif } = await import("./libheif.mjs").catch((cause: unknown) => {
    throw new KeepsakeError("media.no-decoder", { cause });
  });
  try {
    return await decode(startLibheif(silent) as Heif, file);
  } catch (cause) {
    throw new KeepsakeError("media.damaged", { cause });
  }
}

/** What it has to say of a damaged picture, our code says. */
const silent = { print: () => {}, printErr: () => {} };

async function decode(heif: Heif, file: Bytes): Promise<Pixels> {
  const context = heif.heif_context_alloc();
  const { code } = heif.heif_context_read_from_memory(context, file);
  if (code !== heif.heif_error_code.heif_error_Ok) throw new KeepsakeError("media.damaged");
  const handle = checked(heif.heif_js_context_get_primary_image_handle(context));
  const [{ heif_colorspace_RGB: space }, { heif_chroma_interleaved_RGBA: chroma }] = [
    heif.heif_colorspace,
    heif.heif_chroma,
  ];
  const { channels = [] } = checked(await heif.heif_js_decode_image2(handle, space, chroma));
  const all = channels.find(({ id }) => id === heif.heif_channel.heif_channel_interleaved);
  if (all === undefined) throw new KeepsakeError("media.damaged");
  return pixelsOf(all);
}

function checked(outcome: Outcome): Outcome {
  if (outcome.code !== undefined) throw new KeepsakeError("media.damaged");
  return outcome;
}

function pixelsOf({ width, height, stride, data }: Channel): Pixels {
  const rgba = new Uint8Array(4 * width * height);
  for (let row = 0; row < height; row++)
    rgba.set(data.subarray(row * stride, row * stride + 4 * width), 4 * width * row);
  return { width, height, rgba };
}
