export { playable, type AsItIs, type Kept, type Made, type Playable } from "./playable.ts";
export { mediaTypeOf, type MediaName, type MediaType } from "./sniff.ts";
