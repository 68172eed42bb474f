import { both } from "../state/language.ts";

/** For who opens the page inside of WeChat. */
export const gate = both({
  zh: {
    title: "请用手机自带的浏览器打开",
    steps: [
      "点右上角的“⋯”。",
      "选“在浏览器打开”。没有这一项时，复制下面的网址，粘贴到浏览器里。",
      "在微信里打开的网页，微信会清掉它保存的内容，也看得到您输入的内容，所以念存在这里不问口令，也不问恢复卡。",
    ],
    copy: "复制网址",
    copied: "已复制，请到浏览器里粘贴。",
  },
  en: {
    title: "Please open this in your phone's browser",
    steps: [
      "Tap “⋯” at the top right.",
      "Choose “Open in browser”. If it is not there, copy the address below and paste it into a browser.",
      "WeChat clears what pages keep in it, and can see what is typed into them. So Keepsake asks for no password and no recovery words here.",
    ],
    copy: "Copy the address",
    copied: "Copied. Paste it into a browser.",
  },
});
