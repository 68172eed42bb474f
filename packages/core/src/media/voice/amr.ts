import { KeepsakeError, type Bytes } from "../../base/index.ts";
import { writeWav } from "../wav.ts";
import type { Voice } from "./voice.ts";

/** An hour of frames of 20 ms. */
const maxFrames = 180_000;
const HEADER_BYTES = "#!AMR\n".length;
const RATE_HZ = 8000;
const SAMPLES_BYTES = 320;
/** Bytes after the first one, by the type of a frame: eight rates, silence. What is not here does not occur in files. */
const sizes: readonly (number | undefined)[] = [12, 13, 15, 17, 19, 20, 26, 31, 5];
/** A frame that was not sent. */
const NOTHING = 15;

interface AmrFrames {
  readonly frames: readonly Bytes[];
  /** Whether the file ends amid a frame, or goes on with what is none. */
  readonly isCut: boolean;
}

/** Splits a file that begins as AMR into frames of 20 ms. Throws `media.too-large` beyond an hour. */
export function amrFrames(file: Bytes): AmrFrames {
  const frames: Bytes[] = [];
  let at = HEADER_BYTES;
  while (at < file.length) {
    const type = (file[at]! >> 3) & 15;
    const size = type === NOTHING ? 0 : sizes[type];
    if (size === undefined || at + 1 + size > file.length) return { frames, isCut: true };
    frames.push(file.subarray(at, at + 1 + size));
    if (frames.length > maxFrames) throw new KeepsakeError("media.too-large");
    at += 1 + size;
  }
  return { frames, isCut: false };
}

/** A voice in AMR-NB as WAV. The decoder is loaded with the first one. */
export async function amrToWav(file: Bytes): Promise<Voice> {
  const { frames, isCut } = amrFrames(file);
  if (frames.length === 0) throw new KeepsakeError("media.damaged");
  const decoder = await startDecoder();
  const samples = new Uint8Array(frames.length * SAMPLES_BYTES);
  for (const [i, frame] of frames.entries()) samples.set(decoder(frame), i * SAMPLES_BYTES);
  return { bytes: writeWav([samples], RATE_HZ), isCut };
}

/** What the decoder gives to the outside; pointers are places in its memory. */
interface AmrModule {
  readonly memory: { readonly buffer: ArrayBuffer };
  start(): number;
  /** Where a frame is to be put. */
  frame(): number;
  /** Where its 160 samples are then. */
  sound(): number;
  decode(): number;
}

/** What we use of WebAssembly, whose types are those of a browser. */
interface Wasm {
  compile(bytes: Bytes): Promise<object>;
  instantiate(code: object, imports: object): Promise<{ readonly exports: object }>;
}

const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: Wasm };

/** Compiled once for all voices. */
let compiled: Promise<object> | undefined;

/** A decoder for one voice: each frame builds on those before it. What it gives is there until the next frame. */
async function startDecoder(): Promise<(frame: Bytes) => Bytes> {
  compiled ??= import("./amr-code.ts").then(({ amrCode }) =>
    wasm.compile(Uint8Array.from(atob(amrCode), (character) => character.charCodeAt(0))),
  );
  const module = (await wasm.instantiate(await compiled, {})).exports as AmrModule;
  if (module.start() !== 0) throw new KeepsakeError("base.unexpected");
  const [input, output] = [module.frame(), module.sound()];
  return (frame) => {
    new Uint8Array(module.memory.buffer, input, frame.length).set(frame);
    module.decode();
    return new Uint8Array(module.memory.buffer, output, SAMPLES_BYTES);
  };
}
