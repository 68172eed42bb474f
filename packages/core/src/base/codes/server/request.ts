import type { CodeEntry } from "../entry.ts";

/** Codes of what a server makes of a request, whatever it is about. */
export type RequestCode = "request.invalid" | "request.not-found" | "request.too-large" | "request.too-many";
export const requestCodes: Readonly<Record<RequestCode, CodeEntry>> = {
  "request.invalid": {
    en: "The server did not understand the request. Update Keepsake, then try again.",
    zh: "服务器无法理解该请求。请更新 Keepsake 后再试。",
    exit: 2,
    http: 400,
  },
  "request.not-found": {
    en: "The server has nothing of that name, or it is not yours. Check the address.",
    zh: "服务器上没有该名称的内容，或它不属于你。请检查地址。",
    exit: 4,
    http: 404,
  },
  "request.too-large": {
    en: "The request is larger than the server takes. Update Keepsake, then try again.",
    zh: "请求超过了服务器接受的大小。请更新 Keepsake 后再试。",
    exit: 2,
    http: 413,
  },
  "request.too-many": {
    en: "Too many requests came in a short time. Wait a little, then try again.",
    zh: "短时间内请求过多。请稍候再试。",
    exit: 5,
    http: 429,
  },
};
