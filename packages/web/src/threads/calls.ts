/* Calls between the page and its worker: either side has something that the other calls. */

/** What lies on the other side: every call takes a while. */
export type Far<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : Far<T[K]>;
};

/** The end of a way to another thread. */
export interface Port {
  postMessage(message: unknown, ports: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}

/** How errors are carried: what is told of one, and what that becomes on the other side. */
export interface Carrying<Told> {
  readonly tell: (error: unknown) => Told;
  readonly become: (told: Told) => Promise<Error>;
}

/** What was given with a call of the other side, or nothing for what all calls are for. */
type Given = { readonly call: number; readonly place: number } | undefined;

type Message<Told> =
  | {
      readonly call: number;
      readonly of: Given;
      readonly names: readonly string[];
      readonly given: readonly unknown[];
      /** The places of what stays where it is. */
      readonly near: readonly number[];
    }
  | { readonly answered: number; readonly value?: unknown; readonly told?: Told };

type Call = Extract<Message<never>, { readonly call: number }>;

interface Asked {
  readonly given: readonly unknown[];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const nearby = new WeakSet<object>();

/** Something that stays here when it is given with a call: the other side may call it while the call lasts. */
export function near<T extends object>(what: T): T {
  nearby.add(what);
  return what;
}

function isNear(what: unknown): boolean {
  return what instanceof Object && nearby.has(what);
}

type Ask = (of: Given, names: readonly string[], given: readonly unknown[]) => Promise<unknown>;

/** Stands for something on the other side, and for all that is in it. */
function farOf(ask: Ask, of: Given, names: readonly string[] = []): unknown {
  return new Proxy(() => undefined, {
    // It is no promise, whoever asks.
    get: (_, name) =>
      typeof name === "string" && name !== "then" ? farOf(ask, of, [...names, name]) : undefined,
    apply: (_, __, given: readonly unknown[]) => ask(of, names, given),
  });
}

/** Calls what lies under these names; nothing where it is gone, its call being answered. */
function callUnder(it: unknown, names: readonly string[], given: readonly unknown[]): unknown {
  if (it === undefined) return undefined;
  let owner: unknown;
  for (const name of names) [owner, it] = [it, (it as Readonly<Record<string, unknown>>)[name]];
  return Reflect.apply(it as () => unknown, owner, given);
}

/** Answers the calls of the other side by what is `here`, and gives what lies there. */
export function joinThreads<T, Told>(port: Port, here: object, carrying: Carrying<Told>): Far<T> {
  const asked = new Map<number, Asked>();
  let last = 0;
  const send = (message: Message<Told>, ports: MessagePort[] = []): void => port.postMessage(message, ports);
  const ask: Ask = (of, names, given) =>
    new Promise((resolve, reject) => {
      const near = given.flatMap((each, place) => (isNear(each) ? place : []));
      const sent = given.map((each) => (isNear(each) ? undefined : each));
      const ports = given.filter((each) => each instanceof MessagePort);
      send({ call: ++last, of, names, given: sent, near }, ports);
      asked.set(last, { given, resolve, reject });
    });
  const answer = async ({ call, of, names, given, near }: Call): Promise<void> => {
    const it = of === undefined ? here : asked.get(of.call)?.given[of.place];
    const all = given.map((each, place) => (near.includes(place) ? farOf(ask, { call, place }) : each));
    try {
      send({ answered: call, value: await callUnder(it, names, all) });
    } catch (error) {
      send({ answered: call, told: carrying.tell(error) });
    }
  };
  port.addEventListener("message", ({ data }: MessageEvent<Message<Told>>) => {
    if ("call" in data) return void answer(data);
    const { answered, value, told } = data;
    const { resolve, reject } = asked.get(answered)!;
    asked.delete(answered);
    if (told === undefined) resolve(value);
    else void carrying.become(told).then(reject, reject);
  });
  return farOf(ask, undefined) as Far<T>;
}
