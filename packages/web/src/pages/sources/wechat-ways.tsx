import type { VNode } from "preact";
import { say } from "../../state/language.ts";
import { to } from "../../state/route.ts";
import { sources } from "../../words/pages/sources.ts";
import { wechatWays, type Way } from "../../words/ways/wechat.ts";
import { TableHead } from "../../parts/table-head.tsx";

/** What works for WeChat on which phone, and each way step by step. */
export function WeChatWays(): VNode {
  const words = say(wechatWays);
  return (
    <section class="page">
      <p>
        <a class="button" href={to("sources")}>
          {say(sources).title}
        </a>
      </p>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <table class="ways">
        <TableHead columns={words.columns} />
        <tbody>
          {words.rows.map((row) => (
            <tr key={row.join()}>
              {row.map((cell, i) => (
                <td key={words.columns[i]} data-column={words.columns[i]}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p>{words.untried}</p>
      <p>{words.which}</p>
      {words.ways.map((way) => (
        <Steps key={way.title} way={way} />
      ))}
    </section>
  );
}

function Steps({ way: { title, lead, steps, comes, lost } }: { readonly way: Way }): VNode {
  const words = say(wechatWays);
  return (
    <>
      <h2>{title}</h2>
      {lead !== undefined && <p>{lead}</p>}
      <ol>
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {comes !== undefined && (
        <p>
          <strong>{words.comes}</strong> {comes}
        </p>
      )}
      {lost !== undefined && (
        <p>
          <strong>{words.lost}</strong> {lost}
        </p>
      )}
    </>
  );
}
