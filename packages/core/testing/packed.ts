import { concatBytes, type Bytes } from "../src/base/index.ts";

/** What lies in a fixture as gzip in base64. */
export async function unpacked(text: string): Promise<Bytes> {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const chunks: Bytes[] = [];
  for await (const chunk of stream as AsyncIterable<Bytes>) chunks.push(chunk);
  return concatBytes(...chunks);
}
