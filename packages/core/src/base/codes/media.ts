import type { CodeEntry } from "./entry.ts";

export type MediaCode = "media.damaged" | "media.too-large" | "media.no-decoder";

/** Of the forms that are made of voices and pictures, so that other programs open them. */
export const mediaCodes: Readonly<Record<MediaCode, CodeEntry>> = {
  "media.damaged": {
    en: "This voice or picture is damaged, so that nothing could be made of it that other programs open. The original is there as it came.",
    zh: "这条语音或这张图片已损坏，无法转换为其他程序能打开的形式。原文件保持原样。",
    exit: 11,
    http: 422,
  },
  "media.too-large": {
    en: "This voice or picture is larger than any that people send, so that it was not opened. The original is there as it came.",
    zh: "这条语音或这张图片超出了正常大小，因此没有打开。原文件保持原样。",
    exit: 11,
    http: 413,
  },
  "media.no-decoder": {
    en: "What opens this kind of voice or picture is not part of this Keepsake. The original is there as it came.",
    zh: "此 Keepsake 不含能打开这类语音或图片的组件。原文件保持原样。",
    exit: 4,
    http: 415,
  },
};
