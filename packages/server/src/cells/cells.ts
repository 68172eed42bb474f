import { KeepsakeError } from "@keepsake/core/base";
import { callPart } from "./call.ts";
import { alone, directoryOf, type Directory } from "./directory.ts";
import type { CellSettings } from "./settings.ts";

/** What a cell knows of the others. */
export interface Cells {
  readonly directory: Directory;
  /** Whether there is another cell of this number. */
  isOther(cell: number | undefined): cell is number;
  /** Asks another cell; `path` follows `/v1/cell/`. Throws `server.cell-away`, and the problem that it answers with. */
  ask(cell: number, path: string, body?: object): Promise<unknown>;
}

/** The other cells that the settings name; none of a server that is alone. */
export function cellsOf(settings: CellSettings): Cells {
  const { own, all, key } = settings;
  const urlOf = (cell: number): string | undefined => all.find((each) => each.cell === cell)?.url;
  return {
    directory: all.length === 0 ? alone : directoryOf(settings),
    isOther: (cell): cell is number => cell !== undefined && cell !== own && urlOf(cell) !== undefined,
    async ask(cell, path, body) {
      const url = urlOf(cell);
      if (url === undefined) throw new KeepsakeError("base.unexpected");
      return callPart([url], {
        key,
        method: body === undefined ? "GET" : "POST",
        path: `/v1/cell/${path}`,
        ...(body === undefined ? {} : { body: { ...body, from: own } }),
      });
    },
  };
}
