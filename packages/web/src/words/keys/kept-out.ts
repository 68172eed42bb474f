import { both } from "../../state/language.ts";

/** Why this browser is kept out, by what was done on another device. */
export const keptOut = both({
  zh: {
    takenOut: "这个浏览器已被移除",
    takenOutWhy:
      "您的另一台设备把这个浏览器从聊天记录中移除了，并更换了全部钥匙。之后放入的内容，这里打不开。如果这是误操作，请忘掉这次登录，再用恢复卡重新进入。",
    ended: "登录已结束",
    endedWhy:
      "您的另一台设备退出了这个浏览器的登录，或太久没有使用。要再次使用，请忘掉这次登录，再重新登录并用恢复卡打开。",
  },
  en: {
    takenOut: "This browser was taken out",
    takenOutWhy:
      "Another of your devices has taken this browser out of the history, and all keys are new: what was put in since cannot be opened here. If that was a mistake, forget this login and come back with the recovery card.",
    ended: "This login has ended",
    endedWhy:
      "Another of your devices has logged this browser out, or it was not used for long. To use it again, forget this login, log in and open the history with the recovery card.",
  },
});
