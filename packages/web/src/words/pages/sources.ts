import { both } from "../../state/language.ts";

/** Bringing histories in. */
export const sources = both({
  zh: {
    title: "来源",
    lead: "把导出的聊天记录放到这里：文件、文件夹或 zip 都可以。内容在这台设备上封存后才上传。",
    drop: "拖到这里，或者",
    files: "选择文件",
    folder: "选择文件夹",
    looking: "正在辨认……",
    shared: (count: string) => `其他应用分享来了 ${count} 个文件，还没有放入。它们原样存在这个浏览器里。`,
    sharedTake: "放入这些文件",
    sharedDrop: "不要了",
    sharedFailed: "分享来的文件没能收下。请先打开一次念存，再分享一次；或者在这里选择文件。",
    found: (format: string, files: string, size: string) =>
      `认出来了：${format}，${files} 个文件，共 ${size}。`,
    name: "给这个来源取个名字",
    nameHint: "下次放入同一部手机或同一个应用的记录时，用同一个名字，只会补上新的。",
    start: "开始封存",
    weigh: "先算算要占多少",
    other: "换一份",
    stop: "停下",
    stopped: "已停下。再放入同一份时，已经上传的部分不会重来。",
    reading: (done: string, total: string) => `已读 ${done}，共 ${total}`,
    sending: (size: string) => `正在上传 ${size}……`,
    units: {
      messages: (count: string) => `${count} 条`,
      objects: (count: string) => `${count} 处`,
      attachments: (count: string) => `${count} 个文件`,
    },
    stages: {
      read: "读取",
      settle: "等文件不再变动",
      scan: "查看",
      seal: "封存",
      store: "上传",
      verify: "回读核对",
      text: "整理文字",
      attachments: "整理文件",
      compact: "整理",
      delete: "删除",
      copy: "复制",
    } as Readonly<Record<string, string>>,
    done: "已封存",
    unchanged: "和上次一样，没有新的内容。",
    added: (added: string, messages: string, chats: string) =>
      `新增 ${added} 条消息（这份来源共有 ${chats} 个聊天、${messages} 条）。`,
    filesAdded: (count: string, size: string) => `新增 ${count} 个文件，共 ${size}。`,
    stored: (size: string) => `加密后上传 ${size}。`,
    readBack: (count: string) => `上传后又取回 ${count} 处逐一核对，一致。`,
    shrinkTitle: "这份来源比上次少了",
    shrink: (chats: string, messages: string) =>
      `有 ${chats} 个聊天、${messages} 条消息上次有、这次没有。已保存的一条都不会删。如果是您自己清理的，可以把它们标为“来源已删”。`,
    acceptShrink: "是我清理的，标上",
    keepShrink: "先不标",
    findings: "有些内容值得留意",
    finding: (what: string, count: string) => `${count} × ${what}`,
    look: "去看聊天",
    more: "再放一份",
    askPassword:
      "这份备份有密码保护，要用制作备份时设的密码才能打开。如果在这里输入，它只在这台设备上用来打开备份。",
    backupPassword: "备份密码",
    useAgent:
      "如果您的电脑上装了念存命令行，也可以让它来读：keepsake agent add。那样就不必在网页里输入密码。",
    skip: "不读这份",
    askOwn: "这是谁的聊天记录？确认之前什么都不会读。",
    none: "都不是",
    yes: "继续",
    howTo: "怎样拿到聊天记录",
    wechatWays: "微信：每种手机能做什么，一步一步怎么做",
    sampleNo: "示例里不能放入自己的记录。请先离开示例并注册。",
  },
  en: {
    title: "Sources",
    lead: "Put exported histories here: files, a folder or a zip. They are sealed on this device before anything is sent.",
    drop: "Drop them here, or",
    files: "Choose files",
    folder: "Choose a folder",
    looking: "Looking …",
    shared: (count: string) =>
      `${count} files were shared by another app, and are not put in yet. They lie in this browser as they came.`,
    sharedTake: "Put them in",
    sharedDrop: "Remove them",
    sharedFailed:
      "The files that were shared could not be taken. Open Keepsake once and share them again, or choose them here.",
    found: (format: string, files: string, size: string) => `Found: ${format}, ${files} files, ${size}.`,
    name: "A name for this source",
    nameHint: "Use the same name the next time for the same phone or app: only what is new is added then.",
    start: "Seal it",
    weigh: "What would this take?",
    other: "Choose another",
    stop: "Stop",
    stopped: "Stopped. What was already sent is not sent again when you choose the same files.",
    reading: (done: string, total: string) => `${done} of ${total} read`,
    sending: (size: string) => `Sending ${size} …`,
    units: {
      messages: (count: string) => `${count} messages`,
      objects: (count: string) => `${count} pieces`,
      attachments: (count: string) => `${count} files`,
    },
    stages: {
      read: "Reading",
      settle: "Waiting until the files rest",
      scan: "Looking",
      seal: "Sealing",
      store: "Sending",
      verify: "Reading back",
      text: "Ordering texts",
      attachments: "Ordering files",
      compact: "Tidying",
      delete: "Deleting",
      copy: "Copying",
    } as Readonly<Record<string, string>>,
    done: "Sealed",
    unchanged: "The same as the last time: nothing new.",
    added: (added: string, messages: string, chats: string) =>
      `${added} messages added (the source has ${messages} in ${chats} chats).`,
    filesAdded: (count: string, size: string) => `${count} files added, ${size}.`,
    stored: (size: string) => `${size} sent, sealed.`,
    readBack: (count: string) => `${count} pieces were read back from the server and compared: equal.`,
    shrinkTitle: "This source shows less than the last time",
    shrink: (chats: string, messages: string) =>
      `${messages} messages in ${chats} chats were there the last time and are not now. Nothing that is kept is removed. If you cleared them yourself, they can be marked as gone from the source.`,
    acceptShrink: "I cleared them: mark them",
    keepShrink: "Not now",
    findings: "Some things to know",
    finding: (what: string, count: string) => `${count} × ${what}`,
    look: "Read the chats",
    more: "Put in another",
    askPassword:
      "This backup is protected: it opens by the password that was set when it was made. Typed here, it is used on this device alone, to open the backup.",
    backupPassword: "Backup password",
    useAgent:
      "If Keepsake's command line is on your computer, it can read the backup too: keepsake agent add. Then no password is typed into a page.",
    skip: "Do not read it",
    askOwn: "Whose history is this? Nothing is read before you say so.",
    none: "None of these",
    yes: "Continue",
    howTo: "How to get at a history",
    wechatWays: "WeChat: what works with which phone, step by step",
    sampleNo: "The sample takes no history of your own. Leave it and sign up first.",
  },
});

/** Ways to a history, phone by phone. */
export const ways = both({
  zh: [
    {
      title: "iPhone 上的微信",
      steps: [
        "用数据线连接电脑，在访达（Mac）或 iTunes、Apple Devices（Windows）里选“备份到这台电脑”。",
        "浏览器不能直接打开系统的备份文件夹。最省事的办法是在电脑上装念存命令行，让它自动找到备份：keepsake agent add。",
        "也可以把备份文件夹复制到别处，再在这里选择它。",
      ],
    },
    {
      title: "Telegram",
      steps: [
        "在电脑版 Telegram：设置 → 高级 → 导出 Telegram 数据，格式选 JSON。",
        "把导出的文件夹放到这里。",
      ],
    },
    {
      title: "其他应用",
      steps: [
        "能导出成 ChatLab 文件（.json 或 .jsonl）的，直接放进来。",
        "别的本地备份可以作为文件夹原样保存，以后原样取回。",
      ],
    },
  ],
  en: [
    {
      title: "WeChat on an iPhone",
      steps: [
        "Connect it to a computer and choose “Back up to this computer” in Finder (Mac), or iTunes or Apple Devices (Windows).",
        "Browsers may not open the system's backup folder. The least trouble is Keepsake's command line on that computer, which finds the backup by itself: keepsake agent add.",
        "Or copy the backup folder to another place, and choose it here.",
      ],
    },
    {
      title: "Telegram",
      steps: [
        "In Telegram Desktop: Settings, Advanced, Export Telegram data, as JSON.",
        "Put the folder that it made in here.",
      ],
    },
    {
      title: "Other apps",
      steps: [
        "What can be exported as a ChatLab file (.json or .jsonl) goes in directly.",
        "Other local backups can be kept as folders, and come back as they are.",
      ],
    },
  ],
});
