import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { say } from "../../state/language.ts";
import { letIn } from "../../words/keys/let-in.ts";

/** What browsers have that read codes by themselves. */
interface Detector {
  detect(video: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}

interface WithDetector {
  readonly BarcodeDetector: new (options: { readonly formats: readonly string[] }) => Detector;
}

const LOOK_MS = 250;
const SCHEME = "keepsake-enrol:";

/** Reads the code of a new device by the camera. Pictures stay in this page. */
export function Scan({ onCode }: { readonly onCode: (code: string) => void }): VNode {
  const words = say(letIn);
  const video = useRef<HTMLVideoElement>(null);
  const hasFailed = useSignal(false);
  useEffect(() => {
    const stop = new AbortController();
    scan(video.current!, stop.signal).then(
      (code) => {
        if (code !== undefined) onCode(code);
      },
      () => (hasFailed.value = true),
    );
    return () => stop.abort();
  }, []);
  if (hasFailed.value) return <p role="alert">{words.noCamera}</p>;
  return (
    <>
      <p role="status">{words.scanning}</p>
      <video class="camera" ref={video} muted playsInline />
    </>
  );
}

/** The first code of ours that the camera sees; undefined where it was stopped. */
async function scan(video: HTMLVideoElement, signal: AbortSignal): Promise<string | undefined> {
  const { BarcodeDetector } = globalThis as unknown as WithDetector;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  try {
    video.srcObject = stream;
    await video.play();
    while (!signal.aborted) {
      const found = await detector.detect(video);
      const ours = found.find(({ rawValue }) => rawValue.startsWith(SCHEME));
      if (ours !== undefined) return ours.rawValue;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return undefined;
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}
