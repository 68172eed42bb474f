import { KeepsakeError } from "@keepsake/core/base";
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
    providers: providersWith(books, async (call) => {
      step();
      const result = await call();
      step();
      return result;
    }),
  };
}

/** The same books, where a provider does not answer about one subscription: to all, or to calls of one name. */
export function awayAbout(books: Books, subscription: string, method?: string): Books {
  const providers = providersWith(books, async (call, { about, name }) => {
    if (about === subscription && (method ?? name) === name)
      throw new KeepsakeError("pay.provider-away", { retry: "later" });
    return call();
  });
  return { ...books, providers };
}

/** A call of a provider: its name, and which subscription it is about. */
interface Called {
  readonly name: string;
  readonly about: string | undefined;
}

/** What happens with each call. */
type Around = (call: () => Promise<unknown>, called: Called) => Promise<unknown>;

function providersWith({ providers }: Books, around: Around): Books["providers"] {
  return new Map([...providers].map(([name, provider]) => [name, providerWith(provider, around)]));
}

function providerWith(provider: Provider, around: Around): Provider {
  return new Proxy(provider, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name === "agreements" && typeof value === "object" && value !== null)
        return new Proxy(value, { get: (of, each) => calling(of, each, around) });
      return calling(target, name, around);
    },
  });
}

function calling(target: object, name: string | symbol, around: Around): unknown {
  const value: unknown = Reflect.get(target, name, target);
  if (typeof value !== "function") return value;
  return (...given: readonly [{ readonly subscription?: string }?]) =>
    around(() => Reflect.apply(value, target, given) as Promise<unknown>, {
      name: String(name),
      about: given[0]?.subscription,
    });
}
