import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { Problem } from "../../parts/problem.tsx";
import { arrival, isSample } from "../../state/arrival.ts";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { to } from "../../state/route.ts";
import { passkeys } from "../../words/keys/passkeys.ts";
import { sources, ways } from "../../words/pages/sources.ts";
import type { ChosenFile } from "../../worker/act/imports.ts";
import { droppedFiles, filesOf } from "./gather.ts";
import { ImportSource } from "./import-source.tsx";
import { Shared } from "./shared-files.tsx";
import { begin, found, step } from "./under-way.ts";

/** Bringing histories in. */
export function SourcesPage(): VNode {
  const words = say(sources);
  const error = useSignal<unknown>(undefined);
  const isLooking = useSignal(false);
  // What came to its end was seen; what is under way is shown again.
  useLayoutEffect(() => {
    if (step.value.is === "done" || step.value.is === "stopped") begin(undefined);
  }, []);
  const look = async (files: readonly ChosenFile[]): Promise<void> => {
    if (files.length === 0) return;
    [isLooking.value, error.value] = [true, undefined];
    try {
      begin(await desk.imports.look(files));
    } catch (problem) {
      error.value = problem;
    } finally {
      isLooking.value = false;
    }
  };
  return (
    <section class="page">
      <h1>{words.title}</h1>
      {isSample.value ? (
        <p class="lead">{words.sampleNo}</p>
      ) : arrival.value?.isReading === true ? (
        <p class="lead">
          {say(passkeys).reading} <a href={to("security")}>{say(passkeys).readingMore}</a>
        </p>
      ) : found.value === undefined ? (
        <>
          <p class="lead">{words.lead}</p>
          <Shared onFiles={(files) => void look(files)} />
          <Drop isLooking={isLooking.value} onFiles={(files) => void look(files)} />
          <Problem error={error.value} />
        </>
      ) : (
        <ImportSource found={found.value} onOther={() => begin(undefined)} />
      )}
      <h2>{words.howTo}</h2>
      {say(ways).map(({ title, steps }) => (
        <details key={title} class="way">
          <summary>{title}</summary>
          <ol>
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </details>
      ))}
    </section>
  );
}

interface DropGiven {
  readonly isLooking: boolean;
  readonly onFiles: (files: readonly ChosenFile[]) => void;
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
  readonly onFiles: DropGiven["onFiles"];
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
