import { effect, signal, useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { SHARED } from "../../offline/names.ts";
import { say } from "../../state/language.ts";
import { route } from "../../state/route.ts";
import { sources } from "../../words/pages/sources.ts";
import { countText } from "../../words/values.ts";
import type { ChosenFile } from "../../worker/act/imports.ts";
import { step } from "./under-way.ts";

/** Whether what is being put in is what was shared. */
const isTaken = signal(false);

effect(() => {
  if (!isTaken.value || step.value.is !== "done") return;
  isTaken.value = false;
  void forgetShared();
});

/** What other apps shared, as long as it was not put in. */
export function Shared({
  onFiles,
}: {
  readonly onFiles: (files: readonly ChosenFile[]) => void;
}): VNode | null {
  const words = say(sources);
  const files = useSignal<readonly ChosenFile[]>([]);
  useEffect(() => {
    isTaken.value = false;
    void sharedFiles().then(
      (waiting) => (files.value = waiting),
      () => undefined,
    );
  }, [files]);
  if (route.value.query["shared"] === "failed") return <p class="care">{words.sharedFailed}</p>;
  if (files.value.length === 0) return null;
  return (
    <div class="card">
      <p>{words.shared(countText(files.value.length))}</p>
      <div class="actions">
        <button
          type="button"
          class="main"
          onClick={() => {
            isTaken.value = true;
            onFiles(files.value);
          }}
        >
          {words.sharedTake}
        </button>
        <button type="button" onClick={() => void forgetShared().then(() => (files.value = []))}>
          {words.sharedDrop}
        </button>
      </div>
    </div>
  );
}

/** The files that wait, the oldest first. */
async function sharedFiles(): Promise<readonly ChosenFile[]> {
  const root = await navigator.storage.getDirectory();
  const all = await root.getDirectoryHandle(SHARED, { create: true });
  const files: File[] = [];
  for await (const folder of all.values()) {
    if (folder.kind !== "directory") continue;
    for await (const entry of (folder as FileSystemDirectoryHandle).values())
      if (entry.kind === "file") files.push(await (entry as FileSystemFileHandle).getFile());
  }
  return files.toSorted((a, b) => a.lastModified - b.lastModified).map((file) => ({ path: file.name, file }));
}

async function forgetShared(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(SHARED, { recursive: true }).catch(() => undefined);
}
