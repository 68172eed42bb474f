import { both } from "../../state/language.ts";

/** What keeping a source would take. */
export const estimateWords = both({
  zh: {
    title: "估算",
    lead: "只在这台设备上计算，没有保存、也没有上传您的任何内容。",
    stored: (size: string, text: string, files: string) =>
      `封存后共 ${size}：文字占 ${text}，文件占 ${files}。`,
    duplicates: (size: string) => `相同的文件只存一份，因此少 ${size}。`,
    took: (span: string) => `在这台设备上读取和加密用时${span}。`,
    onLine: (up: string, down: string) =>
      `按刚才测得的到服务器的网速，首次上传约需${up}，全部取回约需${down}。`,
    onAnyLine: (slow: string, fast: string) =>
      `上传另需时间：10 Mbit/s 的网络约${slow}，100 Mbit/s 约${fast}；取回也是这么久。`,
    fits: (plan: string, price: string) => `适合的方案：${plan}，每年 ${price}。`,
    fitsFree: (plan: string) => `适合的方案：${plan}。您不需要付费。`,
    fitsNone: "没有方案能容纳全部内容。您自己的磁盘可以：念存命令行写到磁盘上不需要任何方案。",
    disk: "念存命令行也可以存到您自己的磁盘上，代码相同，不需要方案。",
    plans: "方案",
    allPlans: "所有方案和别的办法",
    columns: ["方案", "每年", "空间"],
    enough: "够用",
    full: (when: string) => `够用，${when}用满`,
    instant: "不到一分钟",
    minutes: (count: number) => `${count} 分钟`,
    hours: (count: string) => `${count} 小时`,
    tooSmall: "不够",
    notAll: "只含最近的部分",
    inYears: (count: number) => `约 ${count} 年后`,
    inMonths: (count: number) => `约 ${count} 个月后`,
    growth: (size: string) => `按最近一年新增 ${size} 估算。`,
    fee: (price: string) =>
      `网页上付款就是这个价格。在 iPhone 应用里付款要另加应用商店抽成：适合您的方案为 ${price}。`,
    savings: "不想保存这些的话",
    saving: (what: string, size: string) => `${what}：少存 ${size}`,
    savingPlan: (plan: string, price: string) => `，届时适合 ${plan}，每年 ${price}`,
    what: {
      pushes: "公众号推送",
      silentGroups: "您从未发言的群里的文件",
      largeFiles: "超过 50 MB 的文件",
      stickers: "表情包图片",
    },
    chats: "按聊天",
    kinds: "按类型",
    years: "按年份",
    price: (price: string) => `每年分摊 ${price}`,
  },
  en: {
    title: "Estimate",
    lead: "Worked out on this device alone: nothing of yours was kept, and nothing was sent.",
    stored: (size: string, text: string, files: string) =>
      `Sealed it takes ${size}: ${text} for the messages, ${files} for the files.`,
    duplicates: (size: string) => `Files that are there several times are kept once: ${size} less.`,
    took: (span: string) => `Reading and sealing it took ${span} on this device.`,
    onLine: (up: string, down: string) =>
      `On your line to the server, tried just now, sending all of it takes ${up}, and fetching it back ${down}.`,
    onAnyLine: (slow: string, fast: string) =>
      `Sending takes its time as well: ${slow} at 10 Mbit/s, ${fast} at 100 Mbit/s; fetching it back the same.`,
    fits: (plan: string, price: string) => `What fits: ${plan}, ${price} a year.`,
    fitsFree: (plan: string) => `What fits: ${plan}. You need not pay anything.`,
    fitsNone:
      "No plan has room for all of it. A disk of your own does: Keepsake's command line writes to it without any plan.",
    disk: "Keepsake's command line also keeps it on a disk of your own, with the same code and without a plan.",
    plans: "Plans",
    allPlans: "All plans, and other ways",
    columns: ["Plan", "A year", "Room"],
    enough: "enough",
    full: (when: string) => `enough, full ${when}`,
    instant: "less than a minute",
    minutes: (count: number) => (count === 1 ? "a minute" : `${count} minutes`),
    hours: (count: string) => `${count} hours`,
    tooSmall: "too small",
    notAll: "newest part only",
    inYears: (count: number) => `in about ${count} years`,
    inMonths: (count: number) => `in about ${count} months`,
    growth: (size: string) => `Counting on ${size} a year, as in the last one.`,
    fee: (price: string) =>
      `These are the prices on the web. In an iPhone app the store's fee is added: ${price} for the plan that fits you.`,
    savings: "If you do not want to keep",
    saving: (what: string, size: string) => `${what}: ${size} less`,
    savingPlan: (plan: string, price: string) => `; then ${plan} fits, ${price} a year`,
    what: {
      pushes: "what official accounts push",
      silentGroups: "files of groups in which you never wrote",
      largeFiles: "files of more than 50 MB",
      stickers: "pictures of stickers",
    },
    chats: "By chat",
    kinds: "By kind",
    years: "By year",
    price: (price: string) => `${price} of a year's price`,
  },
});
