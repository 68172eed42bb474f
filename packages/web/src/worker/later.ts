/** What is asked of something that is loaded when it is first asked. */
export type Later<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : never;
};

/** Stands for something that few need, or need later: it is loaded with the first thing that is asked of it. */
export function later<T extends object>(load: () => Promise<T>): Later<T> {
  let loading: Promise<T> | undefined;
  const loaded = (): Promise<T> => {
    const now = (loading ??= load());
    // Where the network was away, the next call tries again.
    now.catch(() => (loading = undefined));
    return now;
  };
  const ask =
    (name: string) =>
    async (...args: readonly unknown[]): Promise<unknown> => {
      const it = (await loaded()) as Record<string, (...args: readonly unknown[]) => unknown>;
      return it[name]!(...args);
    };
  return new Proxy({} as Later<T>, { get: (_, name) => ask(String(name)) });
}
