interface Picker {
  showSaveFilePicker?(options: { readonly suggestedName: string }): Promise<FileSystemFileHandle>;
}

/** Lets the person choose where a file goes; undefined where the browser only knows downloads. */
export async function chosenFile(suggestedName: string): Promise<FileSystemFileHandle | undefined> {
  return (globalThis as Picker).showSaveFilePicker?.({ suggestedName });
}
