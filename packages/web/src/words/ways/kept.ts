import { both, type Both } from "../../state/language.ts";

type Changes = readonly [added: string, changed: string, removed: string];

/** Folders that are kept as they are. */
export const kept = both({
  zh: {
    offer:
      "这里没有念存能读的聊天记录。请确认选的是完整的导出。也可以把它们一个字节不差地保存下来，以后原样取回。",
    offerHint:
      "浏览器看不到空文件夹和链接；要连空文件夹一起保存，请用 keepsake backup 文件夹 --format folder。",
    added: (files: string, size: string, [added, changed, removed]: Changes) =>
      `共保存 ${files} 个文件、${size}：新增 ${added}，变化 ${changed}，消失 ${removed}。`,
    look: "怎样取回",
    title: "原样保存的文件夹",
    why: "写成一个 zip，里面的文件名、内容和写入时间（精确到秒）都和保存时一样。写出时逐个文件核对。",
    choose: "文件夹",
    line: (name: string, files: string, size: string) => `${name}：${files} 个文件，共 ${size}`,
    newest: (day: string) => `最新的文件：${day}`,
    get: "取回",
    got: (files: string, size: string) => `已取回并核对 ${files} 个文件，共 ${size}。`,
    failed: (count: string) =>
      `有 ${count} 个文件没能写出：内容和保存时不一样，或者名字 zip 装不下。请在电脑上运行 keepsake check。`,
    next: "接下来怎样由微信恢复到手机",
  },
  en: {
    offer:
      "No chats that Keepsake reads were found here. Check that the whole export was chosen. The files can also be kept byte for byte, to get them back as they are.",
    offerHint:
      "Browsers show no empty folders and no links; keepsake backup FOLDER --format folder keeps the empty folders too.",
    added: (files: string, size: string, [added, changed, removed]: Changes) =>
      `${files} files are kept, ${size}. New: ${added}, changed: ${changed}, gone: ${removed}.`,
    look: "How to get it back",
    title: "Folders that are kept as they are",
    why: "Written as one zip: names, bytes and times of writing (to the second) are what they were. Each file is compared on its way out.",
    choose: "Folder",
    line: (name: string, files: string, size: string) => `${name}: ${files} files, ${size}`,
    newest: (day: string) => `newest file: ${day}`,
    get: "Get it back",
    got: (files: string, size: string) => `${files} files are back and compared, ${size}.`,
    failed: (count: string) =>
      `${count} files could not be written: they are not what they were, or have names that no zip takes. Run keepsake check on a computer.`,
    next: "How WeChat brings it to a phone from here",
  },
});

/** What is said of a format that keeps files as they are, before and after. */
export const keepers: Readonly<Record<string, Both<{ readonly keep: string; readonly says: string }>>> = {
  "wechat-official": both({
    zh: {
      keep: "这是微信自己的电脑备份，保存",
      says: "我们负责保存，由微信负责恢复：其中的内容无法在这里搜索。",
    },
    en: {
      keep: "Keep it: it is WeChat's own computer backup",
      says: "We keep it, WeChat restores it: it cannot be searched here.",
    },
  }),
  folder: both({
    zh: { keep: "原样保存", says: "原样保存，原样取回：其中的内容无法在这里搜索。" },
    en: { keep: "Keep it as it is", says: "It is kept and comes back as it is: it cannot be searched here." },
  }),
};
