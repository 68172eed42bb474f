import type { Words } from "../../language.ts";

export const askClose: Words = {
  en: "End your membership of {url}? In seven days all that you store there is gone for good; copies elsewhere stay.",
  zh: "要注销在 {url} 的成员身份吗？七天后你存放在那里的全部内容将永久删除，其他地方的副本不受影响。",
};
export const closing: Words = {
  en: "Your membership of {url} ends in {days} days. Every device and contact is told each day. Any device takes it back with: keepsake close {url} --take-back\nAfterwards the receipt comes with: keepsake close {url} --receipt FILE\nIts name is {receipt}: whoever knows it can ask the server for it, also without this device.",
  zh: "{days} 天后注销你在 {url} 的成员身份，期间每天通知所有设备和联系方式。任一设备都可取消：keepsake close {url} --take-back\n之后可取得删除回执：keepsake close {url} --receipt 文件\n回执编号为 {receipt}：知道该编号即可向服务器索取，无需本设备。",
};
export const kept: Words = {
  en: "Your membership of {url} goes on.",
  zh: "已取消注销，你仍是 {url} 的成员。",
};
export const gone: Words = {
  en: "Signed by the server: {objects} objects, {size}, were gone by {time}. Copies that its operator had made are gone {days} days later at the latest, says the operator; nobody can prove that from afar.",
  zh: "服务器已签名确认：{objects} 个对象（{size}）已于 {time} 前删除。管理员称此前制作的备份最迟 {days} 天后清除；这一点无法从远处证明。",
};
