export { wasmConnection } from "./wasm-connection.ts";
