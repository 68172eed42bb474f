import type { KyselyPlugin, PluginTransformQueryArgs, PluginTransformResultArgs } from "kysely";
import type { Books } from "../../src/billing/books/books.ts";
import type { Provider } from "../../src/billing/providers/provider.ts";

/** The process is gone: nothing that comes after it happens. */
export class Gone extends Error {}

/** Ends at the next of its steps once so many were taken. */
export interface Steps {
  taken: number;
  readonly until: number;
}

/**
 * The same books in a process that ends after so many steps: before any statement, after any transaction was kept, and
 * before and after any call of a provider, whose answer is then lost.
 */
export function endingBooks(books: Books, steps: Steps): Books {
  const step = (): void => {
    steps.taken += 1;
    if (steps.taken > steps.until) throw new Gone();
  };
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }: PluginTransformQueryArgs) => {
      step();
      return node;
    },
    transformResult: ({ result }: PluginTransformResultArgs) => Promise.resolve(result),
  };
  const query = books.db.query.withPlugin(plugin);
  const providers = [...books.providers].map(
    ([name, provider]) => [name, endingProvider(provider, step)] as const,
  );
  return {
    db: {
      engine: books.db.engine,
      query,
      transaction: async (work) => {
        const result = await books.db.transaction((inner) => work(inner.withPlugin(plugin)));
        step();
        return result;
      },
      close: () => Promise.resolve(),
    },
    secrets: books.secrets,
    clock: books.clock,
    log: books.log,
    catalogues: books.catalogues,
    channels: books.channels,
    config: books.config,
    providers: new Map(providers),
  };
}

function endingProvider(provider: Provider, step: () => void): Provider {
  return new Proxy(provider, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name === "agreements" && typeof value === "object" && value !== null)
        return new Proxy(value, { get: (of, each) => ending(of, Reflect.get(of, each, of), step) });
      return ending(target, value, step);
    },
  });
}

function ending(target: object, value: unknown, step: () => void): unknown {
  if (typeof value !== "function") return value;
  return async (...given: unknown[]) => {
    step();
    const result: unknown = await Reflect.apply(value, target, given);
    step();
    return result;
  };
}
