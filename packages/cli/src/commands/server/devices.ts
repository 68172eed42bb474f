import type { Connection } from "@keepsake/core/client";
import type { Context, Run } from "../../context.ts";
import { connect, parseAddress } from "../../device/stores/server.ts";
import type { Outcome } from "../../ui/output.ts";
import * as safety from "../../ui/messages/server/safety.ts";
import * as words from "../../ui/messages/server/server.ts";
import { countText, instantText, sizeText } from "../../ui/values.ts";
import { requireConsent } from "../consent.ts";

/** Lists the devices that are logged in to a server, logs some of them out, or approves new ones. */
export const run: Run = async (context) => {
  const { input } = context;
  const { url } = parseAddress(input.args[0] ?? "");
  const { connection } = await connect(context, url);
  const approved = input.text("approve");
  if (approved !== undefined) {
    await connection.call("POST /v1/devices/{id}/approve", { params: { id: approved } });
    context.output.say(safety.approved);
    return { data: { approved } };
  }
  const approval = input.oneOf("approval", ["on", "off"]);
  if (approval !== undefined) {
    await connection.call("PUT /v1/member/device-approval", { body: { isOn: approval === "on" } });
    context.output.say(safety.approvalIs[approval]);
    return { data: { isApprovalOn: approval === "on" } };
  }
  const id = input.text("logOut");
  if (id !== undefined) {
    await connection.call("DELETE /v1/devices/{id}", { params: { id } });
    context.output.say(words.ended, { n: countText(1) });
    return { data: { ended: 1 } };
  }
  return input.flag("logOutOthers") ? endOthers(context, connection, url) : list(context, connection);
};

async function endOthers(context: Context, connection: Connection, url: string): Promise<Outcome> {
  await requireConsent(context, words.endOthers, { url });
  const { ended } = await connection.call("DELETE /v1/devices");
  context.output.say(words.ended, { n: countText(ended) });
  return { data: { ended } };
}

async function list({ output, clock }: Context, connection: Connection): Promise<Outcome> {
  const { devices } = await connection.call("GET /v1/devices");
  const rows = devices.map((device) => {
    output.event("session", { ...device });
    const { id, platform, createdMs, seenMs, fullFromMs, isThis } = device;
    const isLimited = fullFromMs > clock.now();
    const state = isLimited ? output.text(words.limitedUntil, { time: instantText(fullFromMs) }) : "";
    return [
      id,
      platform,
      instantText(createdMs),
      instantText(seenMs),
      isThis ? output.text(words.thisDevice) : state,
    ];
  });
  const { id, platform, created, seen, state } = words.sessionColumns;
  output.table(
    [id, platform, created, seen, state].map((each) => ({ title: output.text(each) })),
    rows,
  );
  const { usedBytes, quotaBytes } = await connection.call("GET /v1/member");
  output.say(words.room, { used: sizeText(usedBytes), quota: sizeText(quotaBytes) });
  return { data: { devices: devices.length, usedBytes, quotaBytes } };
}
