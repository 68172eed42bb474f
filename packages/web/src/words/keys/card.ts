import { both } from "../../state/language.ts";

/** Checking the recovery card, and making a new one. */
export const card = both({
  zh: {
    title: "恢复卡",
    why: "请照恢复卡输入 24 个词，确认它还在、还能打开。只在这台设备上核对。",
    last: (day: string) => `上次核对：${day}`,
    replaced: (day: string) =>
      `${day}，您的另一台设备在没有旧卡的情况下做了一张新的恢复卡。如果不是您做的，请立即移除那台设备；如果是，请用新卡核对一次。`,
    cut: "更换恢复卡时中断了，还不知道哪张卡有效。请照手上的卡核对一次：能核对通过的那张就是有效的，其余的请销毁。",
    words: "恢复口令：24 个词",
    check: "核对",
    right: "对的，这张恢复卡能打开您的聊天记录。",
    renew: "做一张新的恢复卡",
    renewWhy: "卡可能被人看过，或找不到了，就换一张。新卡核对之前，原来的卡一直有效。",
    have: "旧卡在手边",
    haveWhy: "输入旧卡上的 24 个词。换好以后，旧卡打不开今后写入的内容。",
    lost: "旧卡找不到了",
    lostWhy: [
      "这台设备还能打开聊天记录，所以可以由它担保，换一张新卡。",
      "旧卡打不开今后写入的内容；但如果有人捡到旧卡，又存有以前的副本，以前的内容他仍能打开。",
      "您的其他设备会得到通知，并继续可用。",
      "保险库的密码、能打开保险库的通行密钥和家人求助都会失效，需要重新设置。",
    ],
    password: "解锁这个浏览器的密码",
    byPasskey: "接下来会请您用通行密钥确认。",
    make: "显示新卡",
    cancel: "取消",
    kitTitle: "您的新恢复卡",
    kitWhy:
      "请打印或抄下这 24 个词，再照着填几个。填对之前什么都没有改，原来的卡仍然有效；刷新或关闭页面就等于放弃这张新卡。",
    done: "已换成新的恢复卡。请销毁旧卡。",
  },
  en: {
    title: "Recovery card",
    why: "Type the 24 words of your recovery card, to be sure that you still have it and that it opens. They are checked on this device alone.",
    last: (day: string) => `Checked last on ${day}`,
    replaced: (day: string) =>
      `On ${day} another of your devices made a new recovery card without the old one. If that was not you, take that device out at once; if it was, check the new card here.`,
    cut: "Making a new card was cut off, and it is not known here which card counts. Check the card at hand: the one that passes counts, destroy any other.",
    words: "The 24 words",
    check: "Check",
    right: "Right: this card opens your history.",
    renew: "Make a new recovery card",
    renewWhy:
      "For a card that somebody may have seen, or that is lost. The one that you have counts until you have typed words of the new one back.",
    have: "I have the old card",
    haveWhy: "Type the 24 words of the old card. Afterwards it opens nothing that is written from then on.",
    lost: "The old card is lost",
    lostWhy: [
      "This device still opens the history, so it can vouch for a new card.",
      "The old card opens nothing that is written from then on. Who finds it, and has a copy from before, still opens what was there before.",
      "Your other devices are told, and go on working.",
      "A password of the vault, passkeys that open it and help by family end, and have to be set again.",
    ],
    password: "The password that unlocks this browser",
    byPasskey: "You will be asked for your passkey.",
    make: "Show the new card",
    cancel: "Cancel",
    kitTitle: "Your new recovery card",
    kitWhy:
      "Print or write down these 24 words, then type a few of them back. Until they are right nothing is changed and the card that you have still counts; reloading or closing the page gives the new one up.",
    done: "The new recovery card counts now. Destroy the old one.",
  },
});
