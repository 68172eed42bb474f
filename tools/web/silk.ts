import type { Plugin } from "vite";

/*
 * The decoder of SILK voices makes two of its functions of text, which the policy of the web app refuses. Here they
 * are closures that do the same, by the names that the minified library has for things.
 */
const replaced: readonly (readonly [text: string, closure: string])[] = [
  [
    "new Function(...yb,zb)(...z)",
    // k: types of the result, of `this`, of the arguments; z[2], z[3]: the invoker and what it calls; M: whether
    // what was made on the way is destroyed by a list; Qa: whether there is a result; G: how a value is destroyed.
    `((types, [, , invoke, target], count) => (...given) => {
      const made = M ? [] : null;
      const wired = Array.from({ length: count }, (_, i) => types[i + 2].toWireType(made, given[i]));
      const result = invoke(target, ...wired);
      if (M) Oa(made);
      else wired.forEach((each, i) => types[i + 2].G !== null && types[i + 2].G(each));
      return Qa ? types[0].fromWireType(result) : undefined;
    })(k, z, x)`,
  ],
  [
    "new Function(...h,e+`};\n`)(...l)",
    // b: types of the arguments; c: of the result; d: 0 calls a method, 1 makes an object; H: how long a value is.
    `((types, result, way) => (object, called, destructors, at) => {
      const given = types.map((type) => {
        const value = type.readValueFromPointer(at);
        at += type.H;
        return value;
      });
      if (way === 0) given.unshift(object);
      const value = way === 1 ? new called(...given) : called.call(...given);
      return result.L ? undefined : sb(result, destructors, value);
    })(b, c, d)`,
  ],
];

/** Has the decoder of SILK work where no code may be made of text. Throws where it is another one than was read. */
export function silkUnderPolicy(): Plugin {
  return {
    name: "silk-under-policy",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith("/silk-wasm/lib/index.mjs")) return undefined;
      let changed = code;
      for (const [text, closure] of replaced) {
        if (changed.split(text).length !== 2) this.error(`silk-wasm has no longer, or not once: ${text}`);
        changed = changed.replace(text, () => closure);
      }
      if (/\bnew Function\b/.test(changed)) this.error("silk-wasm makes code of text in another place");
      return { code: changed, map: null };
    },
  };
}
