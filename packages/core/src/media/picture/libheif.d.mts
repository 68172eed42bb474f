/** Where a module writes its notes. */
interface Outputs {
  readonly print: (line: string) => void;
  readonly printErr: (line: string) => void;
}

/** Starts libheif in a module with a memory of its own. */
export function startLibheif(outputs: Outputs): object;
