/** Hands a text to the person as a file. */
export function saveFile(file: { name: string; mediaType: string; text: string }): void {
  const address = URL.createObjectURL(new Blob([file.text], { type: file.mediaType }));
  const link = document.createElement("a");
  link.href = address;
  link.download = file.name;
  link.click();
  // The browser has taken the address over by the next turn, and reads the text from it.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A file name with the present time, such as `hosts-2026-11-23T14-02-11.csv`. */
export function timedFileName(stem: string, extension: string, now: number): string {
  return `${stem}-${new Date(now).toISOString().slice(0, 19).replaceAll(":", "-")}.${extension}`;
}
