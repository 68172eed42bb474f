import { KEY_HEADER } from "../cells/call.ts";
import type { CellSettings } from "../cells/settings.ts";
import { bad, good, type Told } from "./told.ts";

/** Who does not answer within this is not there. */
const ANSWER_MS = 5000;

/** Whether the directory of names answers, and takes the key. */
export async function lookAtDirectory({ directory, key }: CellSettings): Promise<Told> {
  const said = await Promise.all(directory.map((url) => ask(`${url}/v1/directory`, key)));
  if (said.every((each) => each.answer === "well"))
    return good("The directory of names answers and takes the key.", "名称目录可用，密钥有效。");
  return said.some((each) => each.answer === "refused")
    ? bad(
        "What answers under KEEPSAKE_DIRECTORY does not take this key. Is KEEPSAKE_CELLS_KEY the same everywhere?",
        "KEEPSAKE_DIRECTORY 处的服务不接受此密钥。各处的 KEEPSAKE_CELLS_KEY 是否一致？",
      )
    : bad(
        "Nothing answers under KEEPSAKE_DIRECTORY: nobody can sign up here or add a contact. Is the gateway running?",
        "KEEPSAKE_DIRECTORY 处没有响应，成员无法在此注册或添加联系方式。网关是否在运行？",
      );
}

/** Whether all other cells answer, take the key, and are the cells that they should be. */
export async function lookAtCells({ all, own, key }: CellSettings): Promise<Told> {
  const wrong: string[] = [];
  for (const { cell, url } of all) {
    if (cell === own) continue;
    const { answer, json } = await ask(`${url}/v1/cell`, key);
    if (answer !== "well" || (json as { readonly cell?: number }).cell !== cell) wrong.push(String(cell));
  }
  const names = wrong.join(" ");
  return wrong.length === 0
    ? good("All other cells answer and take the key.", "其他单元均可用，密钥有效。")
    : bad(
        `These cells do not answer, do not take the key, or are another cell than their number says: ${names}`,
        `以下单元没有响应、不接受密钥，或编号不符：${names}`,
      );
}

interface Asked {
  readonly answer: "well" | "refused" | "nothing";
  readonly json?: unknown;
}

async function ask(url: string, key: string): Promise<Asked> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  const response = await fetch(url, { headers: { [KEY_HEADER]: key }, signal }).catch(() => undefined);
  if (response === undefined) return { answer: "nothing" };
  const json: unknown = await response.json().catch(() => ({}));
  return { answer: response.ok ? "well" : "refused", json };
}
