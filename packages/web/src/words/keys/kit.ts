import { both } from "../../state/language.ts";

/** A vault is made, and its recovery card is handed over. */
export const kit = both({
  zh: {
    kitTitle: "第二步：保存恢复卡",
    kitWhy: "换了手机、丢了电脑、忘了密码，都靠这 24 个词打开您的聊天记录。我们没有副本，谁也无法替您找回。",
    kitPrint: "打印恢复卡",
    paperWhere: "网址",
    paperVault: "保险库",
    paperMade: "制作日期",
    paperHow:
      "恢复方法：打开上面的网址，用登录名和密码登录，再照顺序输入这 24 个词。请像护照一样保管，不要拍照，不要交给任何人。",
    kitCopy: "复制这些词",
    kitCopied: "已复制。请尽快存到安全的地方，再清空剪贴板。",
    kitKept: "我已经保存好了",
    kitLater: "以后再说",
    kitCheckTitle: "核对恢复卡",
    kitCheck: "请照着恢复卡，填写下面几个词。",
    kitWord: (place: number) => `第 ${place} 个词`,
    kitWrong: "有词不对。请看着恢复卡再填一次。",
    kitAgain: "再看一遍恢复卡",
    emptyTitle: "还差一步",
    emptyWhy: "您已经登录，但还没有保险库。现在就建一个，并保存恢复卡。",
    emptyMake: "建保险库",
  },
  en: {
    kitTitle: "Step 2: keep your recovery card",
    kitWhy:
      "These 24 words open your history when the phone is gone, the computer is lost or the password is forgotten. We have no copy, and nobody can find them for you.",
    kitPrint: "Print the recovery card",
    paperWhere: "Address",
    paperVault: "Vault",
    paperMade: "Made on",
    paperHow:
      "To restore: open the address above, log in with name and password, and type these 24 words in their order. Keep the card like a passport: no photograph of it, and nobody else has it.",
    kitCopy: "Copy the words",
    kitCopied: "Copied. Put them in a safe place soon, then clear the clipboard.",
    kitKept: "I have kept them",
    kitLater: "Later",
    kitCheckTitle: "Check the recovery card",
    kitCheck: "Please type these words from your recovery card.",
    kitWord: (place: number) => `Word ${place}`,
    kitWrong: "One of them is not right. Please look at the card and try again.",
    kitAgain: "Show the card again",
    emptyTitle: "One step left",
    emptyWhy: "You are logged in, and have no vault yet. Make one now, and keep its recovery card.",
    emptyMake: "Make the vault",
  },
});
