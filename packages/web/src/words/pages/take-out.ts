import { both } from "../../state/language.ts";

export const takeOut = both({
  zh: {
    title: "带走",
    copyTitle: "另存一份（封存的）",
    copyWhy: "把服务器上的全部内容原样存成一个 zip。别人打不开；解压后，用恢复口令就能打开，不需要服务器。",
    copy: "另存一份",
    copied: (objects: string, size: string) =>
      `已存好：${objects} 个对象，共 ${size}。请放到另一个地方，例如移动硬盘。`,
    exportTitle: "导出成别的格式",
    exportWhy: "导出的文件谁都能看，请妥善保管。被撤回和只看一次的内容不会导出。",
    format: "格式",
    from: "从",
    until: "到",
    optional: "不填就是全部",
    files: "连同图片、语音和文件",
    export: "导出",
    working: (size: string) => `已写出 ${size}……`,
    stop: "停下",
    stopped: "已停下，没有留下文件。",
    exported: (messages: string, chats: string, size: string) =>
      `已导出 ${chats} 个聊天、${messages} 条消息，共 ${size}。`,
    exact: "这个格式装得下全部内容：再读回来和原来一样。",
    changed: "换了样子的内容",
    dropped: "这个格式装不下的内容",
    entry: (what: string, count: string) => `${what}：${count} 处`,
    sampleNo: "示例没有可以另存的保险库。",
  },
  en: {
    title: "Take out",
    copyTitle: "A second copy, sealed",
    copyWhy:
      "All that lies on the server, as it is, in one zip. Nobody else can open it; unpacked, it opens by the recovery words, without any server.",
    copy: "Save a copy",
    copied: (objects: string, size: string) =>
      `Saved: ${objects} objects, ${size}. Put it somewhere else, such as an external disk.`,
    exportTitle: "Export to another format",
    exportWhy:
      "Whoever has the exported file can read it. What was taken back, and what was meant to be seen once, is not exported.",
    format: "Format",
    from: "From",
    until: "Until",
    optional: "all, if left empty",
    files: "With pictures, voices and files",
    export: "Export",
    working: (size: string) => `${size} written …`,
    stop: "Stop",
    stopped: "Stopped. No file was left.",
    exported: (messages: string, chats: string, size: string) =>
      `${messages} messages of ${chats} chats were exported, ${size}.`,
    exact: "This format holds all of it: read back, it is the same.",
    changed: "What looks different in this format",
    dropped: "What this format does not hold",
    entry: (what: string, count: string) => `${what}: ${count}`,
    sampleNo: "The sample has no vault to copy.",
  },
});
