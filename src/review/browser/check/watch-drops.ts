/** Where folders are dropped. */
export interface DropTarget {
  /** Takes folders; hidden but while something is dragged over the page, when it covers all of it. */
  readonly input: HTMLInputElement;
  /** Whether something can be dropped now. */
  readonly isFree: () => boolean;
  /** Is told of a folder, which the browser then lists and gives to the input. */
  readonly onAccept: () => void;
  /** Is told what was dropped when it is not one folder alone. */
  readonly onRefuse: (names: readonly string[]) => void;
}

/**
 * Lets a folder be dropped anywhere on the page, and keeps the browser from opening what is dropped in the page's place.
 *
 * The browser itself lists the folder, as it does for one that is chosen. Listing it by script would not do: Chromium
 * refuses `readEntries` to pages that were opened from a disk, and a directory handle leaves out files whose names it
 * holds to be dangerous, such as `desktop.ini`, so that added files would go unseen.
 */
export function watchDrops({ input, isFree, onAccept, onRefuse }: DropTarget): void {
  addEventListener("dragenter", (event) => {
    if (isFree() && hasFiles(event)) input.hidden = false;
  });
  addEventListener("dragover", (event) => {
    if (event.target !== input && hasFiles(event)) event.preventDefault();
  });
  addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) input.hidden = true;
  });
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    // After the browser has given the input what was dropped on it.
    setTimeout(() => {
      input.hidden = true;
    }, 0);
    if (event.target === input && isOneFolder(event.dataTransfer)) return onAccept();
    event.preventDefault();
    if (isFree()) onRefuse(Array.from(event.dataTransfer.files, ({ name }) => name));
  });
}

function hasFiles(event: DragEvent): event is DragEvent & { readonly dataTransfer: DataTransfer } {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

function isOneFolder({ items }: DataTransfer): boolean {
  return items.length === 1 && items[0]?.webkitGetAsEntry()?.isDirectory === true;
}
