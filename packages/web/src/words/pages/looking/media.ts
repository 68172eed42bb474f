import { both } from "../../../state/language.ts";

/** Pictures, files, links and voices. */
export const media = both({
  zh: {
    title: "媒体",
    of: (chat: string) => `${chat} 的媒体`,
    tabs: { pictures: "图片和视频", files: "文件", links: "链接", voice: "语音" },
    toChat: "回到聊天",
    none: {
      pictures: "没有图片和视频。",
      files: "没有文件。",
      links: "没有链接。",
      voice: "没有语音。",
    },
    looking: (month: string) => `已查看到 ${month}……`,
    more: "再往前找",
    end: "都在这里了。",
    open: "查看",
    previous: "上一张",
    next: "下一张",
    close: "关闭",
    place: (at: string, count: string) => `第 ${at} 张，已找到 ${count} 张`,
    toMessage: "到这条消息",
    save: "保存",
    original: "查看原图",
    kinds: { image: "图片", gif: "动图", video: "视频", roundVideo: "视频" } as Readonly<
      Record<string, string>
    >,
    from: (name: string) => (name === "" ? "" : `来自 ${name}`),
    you: "我",
    leads: (host: string) => `打开 ${host}`,
    speed: "速度",
    unreadable: "浏览器无法显示这张图片，可以保存原文件。",
    untold: "时间不明",
  },
  en: {
    title: "Media",
    of: (chat: string) => `Media of ${chat}`,
    tabs: { pictures: "Pictures and videos", files: "Files", links: "Links", voice: "Voice" },
    toChat: "Back to the chat",
    none: {
      pictures: "No pictures or videos.",
      files: "No files.",
      links: "No links.",
      voice: "No voice messages.",
    },
    looking: (month: string) => `Looked back to ${month} …`,
    more: "Look further back",
    end: "That is all.",
    open: "View",
    previous: "Previous",
    next: "Next",
    close: "Close",
    place: (at: string, count: string) => `Number ${at} of ${count} found so far`,
    toMessage: "Go to the message",
    save: "Save",
    original: "Show the original",
    kinds: { image: "picture", gif: "animation", video: "video", roundVideo: "video" } as Readonly<
      Record<string, string>
    >,
    from: (name: string) => (name === "" ? "" : `from ${name}`),
    you: "You",
    leads: (host: string) => `Open ${host}`,
    speed: "Speed",
    unreadable: "The browser cannot show this picture; its file can be saved.",
    untold: "time unknown",
  },
});
