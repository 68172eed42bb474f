import type { Words } from "../../language.ts";

export const serving: Words = {
  en: "Keepsake serves at {url}. All that it keeps lies in {folder}. Ctrl+C stops it; settings and operation: docs/OPERATING.md",
  zh: "Keepsake 正在 {url} 提供服务，全部数据位于 {folder}。按 Ctrl+C 停止；设置和运维见 docs/OPERATING.md",
};
export const firstMember: Words = {
  en: "The first member is the operator:\n\n  keepsake login {url} --sign-up --invitation {invitation}\n  keepsake init {url} --kit-file kit.html\n",
  zh: "第一位成员即为管理员：\n\n  keepsake login {url} --sign-up --invitation {invitation}\n  keepsake init {url} --kit-file kit.html\n",
};
export const stopped: Words = { en: "Stopped. Nothing is lost.", zh: "已停止，没有丢失任何内容。" };
export const testPayments: Words = {
  en: "TEST: plans can be bought here at simulated providers, and no money moves.",
  zh: "测试：此处可向模拟的支付渠道购买方案，不会真正付款。",
};
