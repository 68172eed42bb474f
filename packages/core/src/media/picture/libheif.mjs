// The one file of the package that holds its WebAssembly too; it has no types of its own.
export { default as startLibheif } from "libheif-js/libheif-wasm/libheif-bundle.mjs";
