import type { RemovedRecording } from "../page-data.ts";
import { element } from "./element.ts";
import { toCountWords, toInstantWords } from "./measure-words.ts";
import { toVisibleNodes } from "./visible-text.ts";

/** More are not listed by name here; their records are in the package. */
const MAX_LISTED = 1000;

/** Names the recordings that were removed before the package was made; shows nothing where there are none. */
export function showRemoved(section: HTMLElement, removed: readonly RemovedRecording[]): void {
  section.hidden = removed.length === 0;
  const told = `The archive had ${toCountWords(removed.length, "more recording")} of this selection, and retention had removed the audio before this package was made. Of each, the record is in data/records.`;
  const more = removed.length > MAX_LISTED ? [element("p", {}, `The first ${MAX_LISTED} are named here.`)] : [];
  const items = removed.slice(0, MAX_LISTED).map(toItem);
  section.replaceChildren(
    element("h2", {}, "Removed before"),
    element("p", {}, told),
    ...more,
    element("ul", {}, ...items),
  );
}

function toItem({ recordingId, removedAt, reason }: RemovedRecording): HTMLElement {
  const told = toVisibleNodes(`${recordingId}: ${toInstantWords(removedAt)}, ${reason}`);
  return element("li", {}, ...told);
}
