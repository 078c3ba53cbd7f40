import type { ListedRecording } from "../page-data.ts";
import { toLink } from "./detail-pane.ts";
import { element } from "./element.ts";
import { toEvidenceWords } from "./evidence-words.ts";
import { toDurationWords, toInstantWords } from "./measure-words.ts";
import { toVisibleNodes } from "./visible-text.ts";

/** A column of the list. */
interface ListColumn {
  readonly field: keyof ListedRecording;
  readonly label: string;
  readonly toCell: (recording: ListedRecording) => readonly (Node | string)[];
}

/** What the list shows, from left to right; the first column names the row. */
export const LIST_COLUMNS: readonly ListColumn[] = [
  { field: "controlNumber", label: "Number", toCell: toNameCell },
  { field: "startedAt", label: "Began, UTC", toCell: ({ startedAt }) => toText(toShortInstant(startedAt)) },
  { field: "direction", label: "Direction", toCell: ({ direction }) => toText(direction) },
  { field: "from", label: "Caller", toCell: ({ from }) => toText(from) },
  { field: "to", label: "Callee", toCell: ({ to }) => toText(to) },
  { field: "durationSeconds", label: "Length", toCell: toLengthCell },
  { field: "format", label: "Format", toCell: toFormatCell },
  { field: "grade", label: "Evidence", toCell: (recording) => toText(toEvidenceWords(recording).short) },
];

function toNameCell({ controlNumber, recordingId, sourceName, familyFirst, familyLast }: ListedRecording) {
  const link = element("a", { href: toLink(controlNumber) }, ...toVisibleNodes(controlNumber));
  const otherLeg = controlNumber === familyFirst ? familyLast : familyFirst;
  const call = otherLeg === controlNumber ? [] : [toSmall(`same call as ${otherLeg}`)];
  return [link, ...call, ...(recordingId === null ? [toSmall(sourceName)] : [])];
}

function toLengthCell({ durationSeconds }: ListedRecording) {
  return toText(durationSeconds === null ? null : toDurationWords(durationSeconds));
}

function toFormatCell({ format, isDamaged }: ListedRecording) {
  const mark = isDamaged ? [element("strong", { className: "bad" }, "damaged")] : [];
  return [...toText(format ?? "not audio"), " ", ...mark];
}

/** The column's head says that times are in UTC, and the pane has the seconds. */
function toShortInstant(instant: string | null): string | null {
  return instant === null ? null : toInstantWords(instant).replace(/:\d\d UTC$/, "");
}

function toSmall(text: string): HTMLElement {
  return element("span", { className: "small" }, ...toVisibleNodes(text));
}

function toText(text: string | null): readonly (Node | string)[] {
  return text === null ? ["–"] : toVisibleNodes(text);
}
