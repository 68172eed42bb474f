import { operatorLog, type Connection } from "@keepsake/core/client";
import type { Context, Run } from "../../context.ts";
import { amendMembership, type KeptMembership } from "../../device/memberships.ts";
import { connect, parseAddress } from "../../device/stores/server.ts";
import type { Outcome } from "../../ui/output.ts";
import { usageError } from "../../input.ts";
import { countText, instantText, sizeText } from "../../ui/values.ts";
import * as words from "../../ui/messages/server/server.ts";

/** What the operator of a server does: invites, sets quotas, lists members. */
export const run: Run = async (context) => {
  const { input } = context;
  const { connection, membership } = await connect(context, parseAddress(input.args[0] ?? "").url);
  if (input.flag("log")) return showLog(context, connection, membership);
  if (input.flag("invite")) return inviteOne(context, connection);
  const [closed, kept] = [input.text("close"), input.text("keep")];
  if (closed !== undefined) return close(context, connection, closed);
  if (kept !== undefined) return keep(context, connection, kept);
  const [held, released] = [input.text("hold"), input.text("release")];
  if (held !== undefined) return hold(context, connection, { id: held, isHeld: true });
  if (released !== undefined) return hold(context, connection, { id: released, isHeld: false });
  const member = input.text("member");
  return member === undefined ? list(context, connection) : setQuota(context, connection, member);
};

async function inviteOne({ input, output }: Context, connection: Connection): Promise<Outcome> {
  const quotaBytes = input.bytes("quota");
  const { invitation, untilMs } = await connection.call("POST /v1/operator/invitations", {
    body: quotaBytes === undefined ? {} : { quotaBytes },
  });
  output.line(invitation);
  output.say(words.invited, { url: connection.url, invitation, time: instantText(untilMs) });
  return { data: { invitation, untilMs } };
}

async function setQuota({ input, output }: Context, connection: Connection, id: string): Promise<Outcome> {
  const quotaBytes = input.bytes("quota");
  if (quotaBytes === undefined) throw usageError("--quota", "missing");
  await connection.call("PUT /v1/operator/members/{id}/quota", { params: { id }, body: { quotaBytes } });
  output.say(words.quotaSet, { size: sizeText(quotaBytes) });
  return { data: { member: id, quotaBytes } };
}

async function showLog(
  { input, output, env }: Context,
  connection: Connection,
  membership: KeptMembership,
): Promise<Outcome> {
  const { receiptKey } = membership;
  const seen = input.flag("acceptOlder") ? undefined : membership.operatorLog;
  const { entries, end } = await operatorLog(connection, { receiptKey, seen });
  await amendMembership(env, membership, (kept) => {
    const isKept = seen !== undefined && (kept.operatorLog?.number ?? 0) > end.number;
    return isKept ? kept : { ...kept, operatorLog: end };
  });
  const rows = entries.map((entry) => {
    output.event("entry", { ...entry });
    return [instantText(entry.atMs), entry.kind, entry.who, entry.details];
  });
  const { time, kind, who, details } = words.logColumns;
  output.table(
    [time, kind, who, details].map((each) => ({ title: output.text(each) })),
    rows,
  );
  return { data: { entries: entries.length } };
}

async function close({ output }: Context, connection: Connection, id: string): Promise<Outcome> {
  const closing = await connection.call("POST /v1/operator/members/{id}/closing", { params: { id } });
  output.say(words.memberCloses, { days: countText(closing.daysLeft) });
  return { data: { member: id, ...closing } };
}

async function keep({ output }: Context, connection: Connection, id: string): Promise<Outcome> {
  await connection.call("DELETE /v1/operator/members/{id}/closing", { params: { id } });
  output.say(words.memberKept);
  return { data: { member: id } };
}

async function hold(
  { output }: Context,
  connection: Connection,
  { id, isHeld }: { readonly id: string; readonly isHeld: boolean },
): Promise<Outcome> {
  const route = `${isHeld ? "PUT" : "DELETE"} /v1/operator/members/{id}/hold` as const;
  await connection.call(route, { params: { id } });
  output.say(isHeld ? words.memberHeld : words.memberReleased);
  return { data: { member: id, isHeld } };
}

async function list({ output }: Context, connection: Connection): Promise<Outcome> {
  const rows: string[][] = [];
  for (let after: string | undefined, isEnd = false; !isEnd;) {
    const page = await connection.call("GET /v1/operator/members", {
      query: after === undefined ? {} : { after },
    });
    for (const member of page.members) {
      output.event("member", { ...member });
      const { id, createdMs, usedBytes, quotaBytes } = member;
      rows.push([id, instantText(createdMs), sizeText(usedBytes), sizeText(quotaBytes)]);
    }
    after = page.members.at(-1)?.id;
    isEnd = page.isEnd || after === undefined;
  }
  const { id, created, used, quota } = words.memberColumns;
  output.table(
    [
      { title: output.text(id) },
      { title: output.text(created) },
      { title: output.text(used), align: "right" },
      { title: output.text(quota), align: "right" },
    ],
    rows,
  );
  const sums = await connection.call("GET /v1/operator/sums");
  output.say(words.sums, {
    members: countText(sums.members),
    vaults: countText(sums.vaults),
    objects: countText(sums.objects),
    size: sizeText(sums.usedBytes),
  });
  return { data: { ...sums, failedJobs: await tellFailedJobs(output, connection) } };
}

async function tellFailedJobs(output: Context["output"], connection: Connection): Promise<number> {
  const { jobs } = await connection.call("GET /v1/operator/jobs");
  for (const { kind, madeMs, code, isGivenUp } of jobs) {
    output.event("job", { kind, madeMs, code, isGivenUp });
    output.say(isGivenUp ? words.jobGivenUp : words.jobFailed, { kind, code, time: instantText(madeMs) });
  }
  return jobs.length;
}
