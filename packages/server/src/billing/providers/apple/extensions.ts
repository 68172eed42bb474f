/** The object identifiers of a certificate's extensions, in DER as hex; none where its DER is not understood. */
export function extensionsOf(der: Buffer): readonly string[] {
  const certificate = partsOf(der)[0];
  const body = certificate === undefined ? undefined : partsOf(certificate.content)[0];
  const wrapped = body === undefined ? undefined : partsOf(body.content).find(({ tag }) => tag === 0xa3);
  const list = wrapped === undefined ? undefined : partsOf(wrapped.content)[0];
  return partsOf(list?.content ?? Buffer.alloc(0)).flatMap(({ content }) => {
    const [id] = partsOf(content);
    return id?.tag === 6 ? [id.content.toString("hex")] : [];
  });
}

interface Part {
  readonly tag: number;
  readonly content: Buffer;
}

/** The values that follow each other in DER. */
function partsOf(der: Buffer): readonly Part[] {
  const parts: Part[] = [];
  for (let at = 0; at + 2 <= der.length;) {
    const [tag, first] = [der[at]!, der[at + 1]!];
    const extra = first < 0x80 ? 0 : first - 0x80;
    if (extra > 3 || at + 2 + extra > der.length) return [];
    const length = extra === 0 ? first : der.readUIntBE(at + 2, extra);
    const start = at + 2 + extra;
    if (start + length > der.length) return [];
    parts.push({ tag, content: der.subarray(start, start + length) });
    at = start + length;
  }
  return parts;
}
