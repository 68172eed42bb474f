/** Which cell has a name. Only in the database of gateways has it rows. */
export interface DirectoryNameTable {
  /** The keyed hash of a name or a contact. */
  readonly nameIndex: string;
  readonly cell: number;
  /** When it was claimed last. */
  readonly atMs: number;
}
