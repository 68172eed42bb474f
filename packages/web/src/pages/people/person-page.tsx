import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Avatar } from "../../parts/avatar.tsx";
import { HeatMap } from "../../parts/heat-map.tsx";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { to } from "../../state/route.ts";
import { near } from "../../threads/calls.ts";
import { shownTitle } from "../../words/names.ts";
import { people as peopleWords } from "../../words/pages/looking/people.ts";
import { countText, longDayText, monthName, monthText } from "../../words/values.ts";
import type { NameOfPerson, Person, SharedChat } from "../../worker/look/sums/people.ts";
import { TableHead } from "../../parts/table-head.tsx";

/** One person: how much, since when, where, and under which names. */
export function PersonPage({ id }: { readonly id: string }): VNode {
  const words = say(peopleWords);
  const told = useSignal(0);
  const loaded = useLoaded(async () => {
    const report = near(
      (event: { readonly type: string; readonly done?: { readonly messages?: number } }) => {
        told.value = event.done?.messages ?? told.value;
      },
    );
    return (await desk.sums.person(id, report)) ?? null;
  }, [id]);
  const { value: person, error } = loaded.value;
  return (
    <section class="page person">
      <p>
        <a href={to("people")}>{words.back}</a>
      </p>
      <Problem error={error} />
      {person === undefined && error === undefined && (
        <>
          <h1>{words.title}</h1>
          <p class="hint" role="status">
            {words.counting(countText(told.value))}
          </p>
        </>
      )}
      {person === null && <h1>{words.unknown}</h1>}
      {person !== undefined && person !== null && <About person={person} />}
    </section>
  );
}

function About({ person }: { readonly person: Person }): VNode {
  const words = say(peopleWords);
  const { name, id, theirs, yours, first, last, sharedChats, names, handles } = person;
  const firstIn = sharedChats.find((chat) => chat.first === first);
  const lastIn = sharedChats.find((chat) => chat.last === last);
  return (
    <>
      <h1 class="private">
        <Avatar name={name} id={id} /> {name}
      </h1>
      <dl class="fields card">
        <Field name={words.theirs}>{countText(theirs)}</Field>
        <Field name={words.yours}>{countText(yours)}</Field>
        {first !== null && (
          <Field name={words.first}>
            <Moment chat={firstIn} sent={first} />
          </Field>
        )}
        {last !== null && (
          <Field name={words.last}>
            <Moment chat={lastIn} sent={last} />
          </Field>
        )}
      </dl>
      {person.months.length > 0 && (
        <section class="bars">
          <h2>{words.months}</h2>
          <Months months={person.months} />
        </section>
      )}
      <section class="bars">
        <h2>{words.chats}</h2>
        <ul class="plain-list">
          {sharedChats.map((chat) => (
            <li key={chat.collection}>
              <a class="private" href={to("chats", [chat.collection])}>
                {shownTitle(chat.title)}
              </a>
              <span class="hint">{words.inChat(countText(chat.messages))}</span>
            </li>
          ))}
        </ul>
      </section>
      {names.length > 0 && (
        <section class="bars">
          <h2>{words.names}</h2>
          <ul class="plain-list">
            {names.map((each, i) => (
              <li key={i}>
                <span class="private">{each.value}</span>
                <span class="hint private">{aboutName(each)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section class="bars">
        <h2>{words.accounts}</h2>
        <ul class="plain-list">
          {handles.map(({ platform, value }) => (
            <li key={`${platform} ${value}`}>
              <span class="private address">{value}</span>
              <span class="hint">{platform}</span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Field({ name, children }: { readonly name: string; readonly children: VNode | string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Moment({ chat, sent }: { readonly chat: SharedChat | undefined; readonly sent: number }): VNode {
  if (chat === undefined) return <span>{longDayText(sent)}</span>;
  return <a href={to("chats", [chat.collection], { on: String(sent) })}>{longDayText(sent)}</a>;
}

function aboutName({ kind, inChat, from, to: until }: NameOfPerson): string {
  const words = say(peopleWords);
  const parts = [
    words.nameKinds[kind] ?? kind,
    inChat,
    from === undefined ? undefined : words.since(longDayText(from)),
    until === undefined ? undefined : words.until(longDayText(until)),
  ];
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}

/** A square a month, and the same as a table for who does not see it. */
function Months({ months }: Pick<Person, "months">): VNode {
  const words = say(peopleWords);
  const counts = new Map(months);
  const [first, last] = [Math.floor(months[0]![0] / 12), Math.floor(months.at(-1)![0] / 12)];
  const years = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const cells = years.flatMap((year, y) =>
    Array.from({ length: 12 }, (_, month) => {
      const count = counts.get(year * 12 + month) ?? 0;
      return { x: month, y, count, title: words.inMonth(monthText(year, month), countText(count)) };
    }),
  );
  const columnNames = [0, 3, 6, 9].map((month) => ({ x: month, text: monthName(month) }));
  const rowNames = years.map((year, y) => ({ y, text: String(year) }));
  return (
    <>
      <div class="heat-months">
        <HeatMap
          cells={cells}
          columns={12}
          rows={years.length}
          label={words.months}
          columnNames={columnNames}
          rowNames={rowNames}
        />
      </div>
      <details>
        <summary>{words.asTable}</summary>
        <table>
          <TableHead columns={[words.month, words.messages]} />
          <tbody>
            {months.map(([month, count]) => (
              <tr key={month}>
                <td>{monthText(Math.floor(month / 12), month % 12)}</td>
                <td>{countText(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
