export { browserPrimitives } from "./primitives.ts";
