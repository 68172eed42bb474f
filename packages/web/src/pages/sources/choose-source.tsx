import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { Problem as Failed } from "../../state/errors.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { keepers, kept } from "../../words/ways/kept.ts";
import { sources } from "../../words/pages/sources.ts";
import type { ChosenFile } from "../../worker/act/imports.ts";
import { droppedFiles, filesOf } from "./gather.ts";
import { begin } from "./under-way.ts";

type Take = (files: readonly ChosenFile[]) => void;

interface ChooseGiven {
  /** What else stands above, and may give files. */
  readonly above?: (take: Take) => VNode;
  /** Called when it is known what the files are. */
  readonly onFound?: () => void;
}

/** Where somebody chooses or drops what is to be brought in. */
export function ChooseSource({ above, onFound }: ChooseGiven): VNode {
  const error = useSignal<unknown>(undefined);
  /** What nobody could read. */
  const unknown = useSignal<readonly ChosenFile[] | undefined>(undefined);
  const isLooking = useSignal(false);
  const look = async (files: readonly ChosenFile[], as?: string): Promise<void> => {
    if (files.length === 0) return;
    [isLooking.value, error.value, unknown.value] = [true, undefined, undefined];
    try {
      begin(await desk.imports.look(files, as));
      onFound?.();
    } catch (problem) {
      if (Failed.is(problem, "format.unknown")) unknown.value = files;
      else error.value = problem;
    } finally {
      isLooking.value = false;
    }
  };
  const take: Take = (files) => void look(files);
  return (
    <>
      {above?.(take)}
      <Drop isLooking={isLooking.value} onFiles={take} />
      <Problem error={error.value} />
      {unknown.value !== undefined && <Unknown files={unknown.value} onKeep={look} />}
    </>
  );
}

interface UnknownGiven {
  readonly files: readonly ChosenFile[];
  readonly onKeep: (files: readonly ChosenFile[], as: string) => Promise<void>;
}

/** What nobody could read can be kept as it is. */
function Unknown({ files, onKeep }: UnknownGiven): VNode {
  const words = say(kept);
  const formats = useLoaded(() => desk.imports.keepers(), []);
  return (
    <div class="card" role="alert">
      <p>{words.offer}</p>
      <p class="hint">{words.offerHint}</p>
      <div class="actions">
        {formats.value.value?.map((format) => (
          <button key={format} type="button" onClick={() => void onKeep(files, format)}>
            {keepers[format] === undefined ? format : say(keepers[format]).keep}
          </button>
        ))}
      </div>
    </div>
  );
}

interface DropGiven {
  readonly isLooking: boolean;
  readonly onFiles: Take;
}

/** Where files are dropped, and buttons for who does not drag. */
function Drop({ isLooking, onFiles }: DropGiven): VNode {
  const words = say(sources);
  const isOver = useSignal(false);
  return (
    <div
      class={isOver.value ? "drop over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        isOver.value = true;
      }}
      onDragLeave={() => (isOver.value = false)}
      onDrop={(event) => {
        event.preventDefault();
        isOver.value = false;
        if (event.dataTransfer !== null) void droppedFiles(event.dataTransfer).then(onFiles);
      }}
    >
      <p>{isLooking ? words.looking : words.drop}</p>
      <div class="actions">
        <Pick label={words.files} isFolder={false} onFiles={onFiles} />
        <Pick label={words.folder} isFolder onFiles={onFiles} />
      </div>
    </div>
  );
}

interface PickGiven {
  readonly label: string;
  readonly isFolder: boolean;
  readonly onFiles: Take;
}

function Pick({ label, isFolder, onFiles }: PickGiven): VNode {
  return (
    <label class="button pick">
      {label}
      <input
        class="unseen"
        type="file"
        multiple
        {...(isFolder && { webkitdirectory: true })}
        onChange={({ currentTarget }) => {
          onFiles(filesOf(currentTarget));
          currentTarget.value = "";
        }}
      />
    </label>
  );
}
