export { NONE, ONLY, TableColumns, type ColumnOf, type TextColumn, type Utf8Column } from "./columns.ts";
export { decodeTable } from "./decode.ts";
export { encodeTable, type Json } from "./encode.ts";
export { decodeUtf8 } from "./text-block.ts";
export { type Lane, type LaneOf } from "./table.ts";
export { laneTexts } from "./lane-texts.ts";
