import { both } from "../../state/language.ts";

/** Plans for somebody else. */
export const giftWords = both({
  zh: {
    give: "送给别人",
    giveWhy:
      "您只付这一次，自己不会得到方案。付款后得到一个可转交的兑换码；三年内谁兑换，方案就从那天起归谁。您只会看到已被兑换，看不到是谁。",
    paid: "礼物已付款，谢谢。",
    paidNext: "下面可以显示它的兑换码。",
    title: "送给别人的方案",
    states: {
      pending: () => "还没有付款。",
      open: (day: string) => `已付款，还没有人兑换。兑换码有效到 ${day}（含当天）。`,
      redeemed: () => "已被兑换。是谁兑换的，服务器没有记下来。",
      ended: () => "已经结束。",
    },
    show: "显示兑换码",
    showName: (plan: string) => `显示兑换码：${plan}`,
    showWhy: "请在准备好记下或复制时再显示：兑换码只显示这一次。之后可以再要一个新码，前一个就失效。",
    showSure: "现在显示",
    again: "换一个新码",
    againName: (plan: string) => `换一个新码：${plan}`,
    againWhy: "之前显示过的兑换码会立即失效。如果已经把它交给别人，请把新码再交给对方。",
    againSure: "生成新码",
    made: "兑换码在下面。",
    code: "请把这个兑换码交给对方。再要一个新码时，它就失效：",
    copy: "复制兑换码",
    copied: "已复制",
    refund: "退款",
    refundAsk: "正在计算……",
    refundWhy: (amount: string) => `可以退 ${amount}。兑换码立即失效。`,
    refundNone: "没有可退的钱：礼物在付款后七天内、还没有人兑换时可以全退。",
    refundSure: (amount: string) => `收回礼物并退 ${amount}`,
    refundDone: (amount: string) => `礼物已收回，${amount} 会原路退回。`,
  },
  en: {
    give: "Give it to somebody",
    giveWhy:
      "You pay this once and have nothing of the plan yourself. Once it is paid you get a code to hand on. Whoever redeems it, within three years, has the plan from that day on; you see that it was redeemed, and not by whom.",
    paid: "The gift is paid, thank you.",
    paidNext: "Its code can be shown below.",
    title: "Plans for others",
    states: {
      pending: () => "Not paid yet.",
      open: (day: string) => `Paid, and nobody has redeemed it yet. Its code is good to the end of ${day}.`,
      redeemed: () => "Redeemed. By whom is written down nowhere.",
      ended: () => "It is over.",
    },
    show: "Show the code",
    showName: (plan: string) => `Show the code: ${plan}`,
    showWhy:
      "Show it when you are ready to copy it or write it down: it is shown this once. You can have a new code later, and the one before holds no longer then.",
    showSure: "Show it now",
    again: "A new code",
    againName: (plan: string) => `A new code: ${plan}`,
    againWhy:
      "The code that was shown before holds no longer at once. If you have handed it on, hand on the new one.",
    againSure: "Make a new code",
    made: "The code stands below.",
    code: "Hand this code on. It holds until you have a new one made:",
    copy: "Copy the code",
    copied: "Copied",
    refund: "Money back",
    refundAsk: "Working it out …",
    refundWhy: (amount: string) => `${amount} can be paid back. The code holds no longer at once then.`,
    refundNone:
      "There is nothing to pay back: a gift is paid back whole within seven days, as long as nobody has redeemed it.",
    refundSure: (amount: string) => `Take the gift back and pay back ${amount}`,
    refundDone: (amount: string) => `The gift is taken back, and ${amount} come back the way they were paid.`,
  },
});
