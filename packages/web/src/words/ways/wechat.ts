import { both } from "../../state/language.ts";

/** One way of a phone's chats: phone, computer, what works, by itself, readable here, back into WeChat. */
type WayRow = readonly [string, string, string, string, string, string];

/** A way, step by step. */
export interface Way {
  readonly title: string;
  readonly lead?: string;
  readonly steps: readonly string[];
  readonly comes?: string;
  readonly lost?: string;
}

interface WayWords {
  readonly title: string;
  readonly lead: string;
  readonly columns: WayRow;
  readonly rows: readonly WayRow[];
  readonly untried: string;
  readonly which: string;
  readonly comes: string;
  readonly lost: string;
  readonly ways: readonly Way[];
}

/** WeChat, phone by phone. The table is that of docs/formats/wechat.md. */
export const wechatWays = both<WayWords>({
  zh: {
    title: "微信：哪部手机，走哪条路",
    lead: "念存不碰手机、不碰账号，也不破解微信的任何加密；它只读取和保存你自己电脑上的文件。念存与腾讯没有关联。",
    columns: ["你的手机", "备份它的电脑", "现在能做什么", "自动进行", "在这里可读", "回到微信"],
    rows: [
      [
        "iPhone",
        "Mac 或 Windows：访达、iTunes、Apple Devices",
        "读取苹果本地备份：聊天、图片、语音、文件",
        "是，在电脑备份完之后",
        "是；新版微信的长消息和卡片只能读到一部分",
        "还没有办法",
      ],
      [
        "iPhone",
        "Mac 或 Windows：微信自己的备份",
        "文件夹逐字节保存，每个版本都在",
        "是，在微信备份完之后",
        "否",
        "由微信恢复，用我们放回的文件夹",
      ],
      ["iPhone", "没有", "还没有办法", "还没有办法", "否", "还没有办法"],
      [
        "安卓、鸿蒙",
        "Mac 或 Windows：微信自己的备份",
        "文件夹逐字节保存，每个版本都在",
        "是，在微信备份完之后",
        "否",
        "由微信恢复，用我们放回的文件夹",
      ],
      ["安卓、鸿蒙", "没有", "还没有办法", "还没有办法", "否", "还没有办法"],
    ],
    untried: "以上都还没有在真的手机上试过：我们测试用的苹果备份和微信文件夹，是按公开资料仿制的。",
    which: "用 iPhone 的，两条路都走：苹果备份能在这里阅读和搜索，微信自己的备份能让微信放回手机。",
    comes: "能得到：",
    lost: "得不到：",
    ways: [
      {
        title: "iPhone：读取苹果本地备份",
        steps: [
          "用数据线把 iPhone 连到电脑，打开访达（Mac）、Apple Devices 或 iTunes（Windows）。",
          "选中手机，选“将 iPhone 上的所有数据备份到此电脑”。如果勾选“加密本地备份”，请记好这个备份密码：没有它谁也打不开备份，我们也不能。它不是手机的锁屏密码。",
          "等它提示备份完成。",
          "在电脑上运行 keepsake agent add 和 keepsake agent install：以后每次备份，都会自动读取。备份密码在那里输入，不要输入到网页里。",
          "浏览器打不开系统的备份文件夹。若一定要在这里放入，先把整个备份文件夹复制到别处。",
        ],
        comes:
          "每个聊天的每条消息、发送者的名字、群和群里的称呼、图片、语音、视频、文件，以及它们各自的状态。已撤回的消息始终显示为已撤回。",
        lost: "以前在手机上删掉的；手机从没下载过或已过期的图片和视频；收藏和朋友圈。新版微信会压缩较长的消息和卡片，有些只有微信自己能解开：那些消息的文字取自手机上的搜索索引，取不到的显示为占位，压缩内容原样保留，等以后的版本来读。",
      },
      {
        title: "iPhone、安卓、鸿蒙：保存微信自己的电脑备份",
        lead: "我们保存，微信恢复。其中的内容在这里不能阅读和搜索。",
        steps: [
          "在电脑上打开微信，从菜单里选择把手机的聊天记录备份到电脑，在手机上确认，等它提示完成。各版本的菜单名字不同，请找“备份与恢复”或“聊天记录管理”。",
          "找到备份所在的文件夹：电脑版微信的设置里写着文件保存在哪里。要整个文件夹。",
          "把这个文件夹放到“来源”里，选“这是微信自己的电脑备份”。想以后自动保存，就在电脑上运行 keepsake agent add 文件夹 --format wechat-official。",
          "要放回手机时：在“带走”里取回这个文件夹并解压，或者在电脑上运行 keepsake restore 目标文件夹 --folder 名字；关闭电脑版微信，把取回的内容放到微信保存备份的地方，再打开微信，选“恢复聊天记录至手机”，在手机上确认。两边连同一个网络，恢复完之前保持亮屏。",
        ],
        comes: "整个文件夹，逐字节、每个版本。",
        lost: "文件的权限、链接和文件夹的时间。微信是否接受搬到另一台电脑的备份，由微信决定，我们没有试过：在新手机上看到聊天之前，请留着旧手机。",
      },
      {
        title: "安卓手机，又想在这里阅读和搜索",
        lead: "有一条绕路，要借一部 iPhone，花一个下午。",
        steps: [
          "用微信自己的“迁移聊天记录到另一台设备”，把聊天从安卓手机迁到借来的 iPhone。",
          "按上面第一条路，给这部 iPhone 做苹果本地备份，再读取它。",
          "确认念存里都有了，再从借来的 iPhone 上退出微信并删除记录。",
        ],
        lost: "微信没有迁移过去的内容。",
      },
      {
        title: "没有电脑",
        steps: ["还没有办法。手机自带的云备份里若有微信，只有手机自己的系统能放回去。"],
      },
    ],
  },
  en: {
    title: "WeChat: which phone, which way",
    lead: "Keepsake touches no phone, no account and no encryption of WeChat's; it reads and keeps what lies on your own computer. It is not affiliated with Tencent.",
    columns: [
      "your phone",
      "a computer that backs it up",
      "what works today",
      "by itself",
      "readable here",
      "back into WeChat",
    ],
    rows: [
      [
        "iPhone",
        "Mac or Windows: Finder, iTunes, Apple Devices",
        "the Apple local backup is read: chats, pictures, voices, files",
        "yes, once the computer has backed it up",
        "yes; of newer WeChat, long texts and cards in part",
        "nothing yet",
      ],
      [
        "iPhone",
        "Mac or Windows: WeChat's own backup",
        "its folder is kept byte for byte, in every version",
        "yes, once WeChat has backed it up",
        "no",
        "by WeChat, from the folder that we put back",
      ],
      ["iPhone", "none", "nothing yet", "nothing yet", "no", "nothing yet"],
      [
        "Android, HarmonyOS",
        "Mac or Windows: WeChat's own backup",
        "its folder is kept byte for byte, in every version",
        "yes, once WeChat has backed it up",
        "no",
        "by WeChat, from the folder that we put back",
      ],
      ["Android, HarmonyOS", "none", "nothing yet", "nothing yet", "no", "nothing yet"],
    ],
    untried:
      "None of it was tried on a phone by us: Apple's backups and WeChat's folders in our tests are invented, made after what is publicly known of their form.",
    which:
      "With an iPhone, take both ways: the Apple backup is what can be read and searched here; WeChat's own backup is what WeChat can put back onto a phone.",
    comes: "What comes:",
    lost: "What does not:",
    ways: [
      {
        title: "iPhone: the Apple local backup, read",
        steps: [
          "Connect the iPhone to the computer with its cable, and open Finder (Mac), Apple Devices or iTunes (Windows).",
          "Choose the phone, and “Back up all of the data on your iPhone to this computer”. With “Encrypt local backup”, keep the backup password: nobody, and not we either, can open the backup without it. It is not the phone's code.",
          "Wait until it says that the backup is finished.",
          "On the computer, run keepsake agent add and keepsake agent install: from then on each backup is read by itself. The backup password is typed there, not into a web page.",
          "Browsers may not open the system's backup folder. To bring it in here all the same, copy the whole backup folder to another place first.",
        ],
        comes:
          "Every message of every chat, who sent it, groups and the names that people have there, pictures, voices, videos, files, and the state of each. What was withdrawn stays withdrawn.",
        lost: "What was deleted on the phone before; pictures and videos that the phone never downloaded or that expired; favourites and Moments. Newer WeChat packs longer messages and cards, some of them so that only WeChat can unpack them: their words come from the search index on the phone, what is not there shows as a placeholder, and the packed content is kept for a later version to read.",
      },
      {
        title: "iPhone, Android, HarmonyOS: WeChat's own computer backup, kept",
        lead: "We keep it, WeChat restores it. It cannot be read or searched here.",
        steps: [
          "Open WeChat on the computer, choose in its menu to back up the phone's chat history to the computer, confirm on the phone, and wait until it is done. The menus' names differ from version to version: look for “Back up & restore” or “Manage chat history”.",
          "Find the folder of the backup: WeChat's settings on the computer say where it keeps files. Take the whole folder.",
          "Bring that folder in under “Sources”, and say there that it is WeChat's own computer backup. For it to happen by itself from then on, run keepsake agent add FOLDER --format wechat-official on the computer.",
          "To put it back: get the folder back under “Take out” and unpack it, or run keepsake restore TARGET --folder NAME on the computer; close WeChat, put what came out where WeChat keeps its backups, open WeChat, choose “Restore on phone”, and confirm on the phone. Both in the same network, the screen on until it says that it is done.",
        ],
        comes: "The whole folder, byte for byte, in every version.",
        lost: "Rights of files, links, and times of folders. Whether WeChat takes a backup that was moved to another computer is for WeChat alone to decide, and unproven by us: keep the old phone until you have seen the chats on the new one.",
      },
      {
        title: "An Android phone, and you want to read and search here",
        lead: "There is a detour that needs a borrowed iPhone and an afternoon.",
        steps: [
          "With WeChat's own “migrate to another device”, bring the chats from the Android phone to the borrowed iPhone.",
          "Make an Apple local backup of that iPhone as in the first way, and have it read.",
          "See that everything is in Keepsake, then log out of WeChat on the borrowed iPhone and delete the history there.",
        ],
        lost: "What WeChat did not migrate.",
      },
      {
        title: "No computer",
        steps: [
          "Nothing works yet. What a phone's own cloud keeps of WeChat, only that phone's system can put back.",
        ],
      },
    ],
  },
});
