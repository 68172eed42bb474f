export { NONE, ONLY, TableColumns, type ColumnOf, type TextColumn } from "./columns.ts";
export { decodeTable } from "./decode.ts";
export { encodeTable, type Json } from "./encode.ts";
export { type Lane, type LaneOf } from "./table.ts";
export { laneTexts } from "./lane-texts.ts";
