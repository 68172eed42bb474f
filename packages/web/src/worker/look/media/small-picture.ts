const WIDTH = 320;

/** A picture made small; undefined where a browser cannot read it. */
export async function smallPicture(blob: Blob): Promise<Blob | undefined> {
  if (!blob.type.startsWith("image/")) return undefined;
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(blob, { resizeWidth: WIDTH, resizeQuality: "medium" });
  } catch {
    // Not a picture after all, or a damaged one.
    return undefined;
  }
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("2d")!.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: "image/webp", quality: 0.8 });
}
