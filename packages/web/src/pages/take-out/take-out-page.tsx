import type { ProgressEvent } from "@keepsake/core/base";
import type { FidelityEntry, FidelityReport } from "@keepsake/core/formats";
import { formatName } from "@keepsake/core/format-names";
import { useSignal, type Signal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { download } from "../../parts/download.ts";
import { Form } from "../../parts/form.tsx";
import { Problem } from "../../parts/problem.tsx";
import { isSample } from "../../state/arrival.ts";
import { desk } from "../../state/desk.ts";
import { Problem as Failed } from "../../state/errors.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { route, to } from "../../state/route.ts";
import { near } from "../../threads/calls.ts";
import { kept } from "../../words/ways/kept.ts";
import { takeOut } from "../../words/pages/take-out.ts";
import { countText, dayStart, longDayText, sizeText } from "../../words/values.ts";
import type { FolderTaken } from "../../worker/act/take-out.ts";
import { chosenFile } from "./save.ts";

/** A second copy of the vault, and histories in other formats. */
export function TakeOutPage(): VNode {
  const words = say(takeOut);
  return (
    <section class="page">
      <h1>{words.title}</h1>
      {isSample.value ? <p class="lead">{words.sampleNo}</p> : <Copy />}
      <Folders />
      <Export />
    </section>
  );
}

/** How far what is written out has come: a text while it is, and what came of it. */
interface Work {
  readonly told?: string;
  readonly done?: ComponentChildren;
}

function teller(work: Signal<Work>): (event: ProgressEvent) => void {
  return near((event: ProgressEvent) => {
    if (event.type === "progress" && event.done.bytes !== undefined)
      work.value = { told: say(takeOut).working(sizeText(event.done.bytes)) };
  });
}

/** Runs work that a person may stop; what went wrong otherwise is the form's to show. */
async function stoppable(work: Signal<Work>, act: () => Promise<ComponentChildren>): Promise<void> {
  work.value = { told: say(takeOut).working(sizeText(0)) };
  try {
    work.value = { done: await act() };
  } catch (error) {
    work.value = {};
    // The second is what a browser says where somebody chose no file.
    const isStopped =
      Failed.is(error, "base.aborted") || (error instanceof DOMException && error.name === "AbortError");
    if (!isStopped) throw error;
    work.value = { done: <p>{say(takeOut).stopped}</p> };
  }
}

function Copy(): VNode {
  const words = say(takeOut);
  const work = useSignal<Work>({});
  const run = (): Promise<void> =>
    stoppable(work, async () => {
      const name = `keepsake-${new Date().toISOString().slice(0, 10)}.zip`;
      const { blob, objects, bytes } = await desk.takeOut.copy(await chosenFile(name), teller(work));
      if (blob !== undefined) download(blob, name);
      return <p>{words.copied(countText(objects), sizeText(bytes))}</p>;
    });
  return (
    <section class="card">
      <h2>{words.copyTitle}</h2>
      <p>{words.copyWhy}</p>
      <Form submit={words.copy} onSubmit={run}>
        <Told work={work.value} />
      </Form>
    </section>
  );
}

/** Folders that are kept as they are come back as they were; nothing where there are none. */
function Folders(): VNode | null {
  const words = say(kept);
  const work = useSignal<Work>({});
  const { value: folders = [], error } = useLoaded(() => desk.takeOut.folders(), []).value;
  if (error !== undefined) return <Problem error={error} />;
  if (folders.length === 0) return null;
  const run = ({ folder = "" }: Readonly<Record<string, string>>): Promise<void> =>
    stoppable(work, async () => {
      const { file, format } = folders.find(({ id }) => id === folder)!;
      const taken = await desk.takeOut.folder(folder, await chosenFile(file), teller(work));
      if (taken.blob !== undefined) download(taken.blob, file);
      return <Taken taken={taken} format={format} />;
    });
  return (
    <section class="card">
      <h2>{words.title}</h2>
      <p>{words.why}</p>
      <Form submit={words.get} onSubmit={run}>
        <fieldset class="choice">
          <legend>{words.choose}</legend>
          {folders.map(({ id, name, files, bytes, newest }, i) => (
            <label key={id}>
              <input type="radio" name="folder" value={id} defaultChecked={i === 0} required />
              <span>
                <span class="private">{words.line(name, countText(files), sizeText(bytes))}</span>
                {newest !== null && <small> {words.newest(longDayText(newest))}</small>}
              </span>
            </label>
          ))}
        </fieldset>
        <Told work={work.value} />
      </Form>
    </section>
  );
}

interface TakenGiven {
  readonly taken: FolderTaken;
  readonly format: string;
}

function Taken({ taken: { files, bytes, failed }, format }: TakenGiven): VNode {
  const words = say(kept);
  return (
    <>
      {failed > 0 && <p class="problem">{words.failed(countText(failed))}</p>}
      <p>{words.got(countText(files), sizeText(bytes))}</p>
      {format === "wechat-official" && (
        <a class="button" href={to("sources", ["wechat"])}>
          {words.next}
        </a>
      )}
    </>
  );
}

function Export(): VNode {
  const words = say(takeOut);
  const work = useSignal<Work>({});
  const writers = useLoaded(() => desk.takeOut.writers(), []);
  const run = ({ format = "", from, until, files }: Readonly<Record<string, string>>): Promise<void> =>
    stoppable(work, async () => {
      const name = `${format}-${new Date().toISOString().slice(0, 10)}.zip`;
      const asked = {
        format,
        ...(from && { from: dayStart(from) }),
        ...(until && { until: dayStart(until, 1) }),
        withoutFiles: files !== "on",
      };
      const { blob, report, bytes } = await desk.takeOut.export(asked, await chosenFile(name), teller(work));
      if (blob !== undefined) download(blob, name);
      return <Fidelity report={report} bytes={bytes} />;
    });
  return (
    <section class="card">
      <h2>{words.exportTitle}</h2>
      <p>{words.exportWhy}</p>
      <Form submit={words.export} onSubmit={run}>
        <fieldset class="choice">
          <legend>{words.format}</legend>
          {writers.value.value?.map((id, i) => (
            <label key={id}>
              <input type="radio" name="format" value={id} defaultChecked={i === 0} required />
              <span>{say(formatName(id))}</span>
            </label>
          ))}
        </fieldset>
        <div class="dates">
          <DateField name="from" label={words.from} />
          <DateField name="until" label={words.until} />
          <p class="hint">{words.optional}</p>
        </div>
        <label class="check">
          <input type="checkbox" name="files" defaultChecked />
          <span>{words.files}</span>
        </label>
        <Told work={work.value} />
      </Form>
    </section>
  );
}

function DateField({ name, label }: { readonly name: string; readonly label: string }): VNode {
  return (
    <label class="date-field">
      <span>{label}</span>
      <input type="date" name={name} defaultValue={route.value.query[name] ?? ""} />
    </label>
  );
}

/** The beginning of a day here, or of so many days later. */
function Told({ work: { told, done } }: { readonly work: Work }): VNode {
  const words = say(takeOut);
  return (
    <div role="status">
      {told !== undefined && (
        <p>
          <progress aria-label={told} /> {told}{" "}
          <button type="button" class="small" onClick={() => void desk.takeOut.stop()}>
            {words.stop}
          </button>
        </p>
      )}
      {done}
    </div>
  );
}

/** What the format holds of the history, and what not. */
function Fidelity({ report, bytes }: { readonly report: FidelityReport; readonly bytes: number }): VNode {
  const words = say(takeOut);
  const { counts, exact, changed, dropped } = report;
  return (
    <>
      <p>{words.exported(countText(counts.messages), countText(counts.chats), sizeText(bytes))}</p>
      {exact && <p>✓ {words.exact}</p>}
      <Entries title={words.changed} entries={changed} />
      <Entries title={words.dropped} entries={dropped} />
    </>
  );
}

function Entries(given: {
  readonly title: string;
  readonly entries: readonly FidelityEntry[];
}): VNode | null {
  const words = say(takeOut);
  if (given.entries.length === 0) return null;
  return (
    <details>
      <summary>{given.title}</summary>
      <ul>
        {given.entries.map(({ what, count }) => (
          <li key={what}>{words.entry(what, countText(count))}</li>
        ))}
      </ul>
    </details>
  );
}
