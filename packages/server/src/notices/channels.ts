import { KeepsakeError, type Clock } from "@keepsake/core/base";
import type { Channel, Channels, ContactKind } from "./channel.ts";
import { mailChannel } from "./mail.ts";
import type { NoticeSettings } from "./settings.ts";
import { aliyunChannel } from "./sms/aliyun.ts";
import { tencentChannel } from "./sms/tencent.ts";

/** The ways that are set up. */
export function openChannels(settings: NoticeSettings, clock: Clock): Channels {
  const { sms } = settings;
  return {
    ...(settings.mailServer === "" ? {} : { email: mailChannel(settings) }),
    ...(sms === "aliyun" ? { phone: aliyunChannel(settings, clock) } : {}),
    ...(sms === "tencent" ? { phone: tencentChannel(settings, clock) } : {}),
  };
}

/** The way to a kind of contact. Throws `notice.no-channel`. */
export function requireChannel(channels: Channels, kind: ContactKind): Channel {
  const channel = channels[kind];
  if (channel === undefined) throw new KeepsakeError("notice.no-channel", { details: { kind } });
  return channel;
}
