import type { MakeContent } from "./made.ts";
import { accountOf } from "../names.ts";
import { title } from "../../history/words.ts";
import { appMessage, cdata, hex, tag } from "./xml.ts";

const steps = [
  [1, "sent"],
  [3, "accepted"],
  [4, "returned"],
  [5, "wechat:5"],
  [7, "wechat:7"],
  [8, "wechat:8"],
  [9, "wechat:9"],
] as const;

export const transfer: MakeContent = ({ random, sender, own, people }) => {
  const [step, state] = random.pick(steps);
  const cents = String(random.below(100)).padStart(2, "0");
  const [whole, note] = [1 + random.below(9000), random.chance(0.3) ? title(random) : undefined];
  const [transferId, transactionId] = [`1000050001${random.next()}`, `53010001${random.next()}`];
  const payee = sender === own ? people[0]! : own;
  const shown =
    whole < 1000 ? String(whole) : `${Math.floor(whole / 1000)},${String(whole % 1000).padStart(3, "0")}`;
  const pay = `<paysubtype>${step}</paysubtype><feedesc>${cdata(`￥${shown}.${cents}`)}</feedesc><transcationid>${transactionId}</transcationid><transferid>${transferId}</transferid><invalidtime>${random.next()}</invalidtime><begintransfertime>${random.next()}</begintransfertime><effectivedate>1</effectivedate>${tag("pay_memo", note)}${tag("receiver_username", payee)}${tag("payer_username", sender)}`;
  return {
    type: 49,
    text: appMessage({
      type: 2000,
      tags: `${tag("title", "微信转账")}${tag("des", "收到转账")}<wcpayinfo>${pay}</wcpayinfo>`,
      from: sender,
    }),
    says: {
      kind: "transfer",
      payload: {
        state,
        amount: `${whole}.${cents}`,
        currency: "CNY",
        payer: accountOf(sender),
        payee: accountOf(payee),
        ...(note !== undefined && { note }),
        transferId,
        transactionId,
      },
    },
  };
};

export const redPacket: MakeContent = ({ random, sender }) => {
  const [greeting, packetId] = [
    random.chance(0.7) ? "恭喜发财，大吉大利" : title(random),
    `1000039501${random.next()}`,
  ];
  const pay = `<templateid>7a2a165d31da7fce6dd77e05c300028a</templateid><url>${cdata(`https://wxapp.tenpay.com/mmpayhb/${hex(random, 32)}`)}</url><iconurl/>${tag("receivertitle", greeting)}${tag("sendertitle", greeting)}<scenetext>${cdata("微信红包")}</scenetext><nativeurl>${cdata(`wxpay://c2cbizmessagehandler/hongbao/receivehongbao?sendid=${packetId}&ver=6&sign=${hex(random, 128)}`)}</nativeurl><paymsgid>${packetId}</paymsgid>`;
  return {
    type: 49,
    text: appMessage({
      type: 2001,
      tags: `${tag("title", "微信红包")}${tag("des", "我给你发了一个红包，赶紧去拆!")}<wcpayinfo>${pay}</wcpayinfo>`,
      from: sender,
    }),
    says: { kind: "redPacket", payload: { greeting, packetId } },
  };
};
