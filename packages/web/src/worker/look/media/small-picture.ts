const MOST_WIDTH = 320;

/** A picture made small, where it is larger; undefined where a browser cannot read it. */
export async function smallPicture(blob: Blob): Promise<Blob | undefined> {
  if (!blob.type.startsWith("image/")) return undefined;
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(blob);
  } catch {
    // Not a picture after all, or a damaged one.
    return undefined;
  }
  const scale = Math.min(1, MOST_WIDTH / bitmap.width);
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")!.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return canvas.convertToBlob({ type: "image/webp", quality: 0.8 });
}
