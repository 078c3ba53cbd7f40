import type { ListedRecording } from "../page-data.ts";
import { toLink } from "./detail-pane.ts";
import { element } from "./element.ts";
import { toEvidenceWords } from "./evidence-words.ts";
import { toDurationWords, toInstantWords } from "./measure-words.ts";
import { toVisibleNodes } from "./visible-text.ts";

/** A column of the list. */
export interface ListColumn {
  readonly field: keyof ListedRecording;
  readonly label: string;
  readonly toCell: (recording: ListedRecording) => readonly (Node | string)[];
}

/** All that the list can show, from left to right; the first column names the row. */
const COLUMNS: readonly ListColumn[] = [
  { field: "controlNumber", label: "Number", toCell: toNameCell },
  { field: "startedAt", label: "Began, UTC", toCell: ({ startedAt }) => toText(toShortInstant(startedAt)) },
  { field: "direction", label: "Direction", toCell: ({ direction }) => toText(direction) },
  { field: "from", label: "Caller", toCell: ({ from }) => toText(from) },
  { field: "to", label: "Callee", toCell: ({ to }) => toText(to) },
  { field: "durationSeconds", label: "Length", toCell: toLengthCell },
  { field: "format", label: "Format", toCell: toFormatCell },
  { field: "grade", label: "Evidence", toCell: (recording) => toText(toEvidenceWords(recording).short) },
];

/** What nobody may have told of a call; of the other fields null says something, too. */
const CALL_FIELDS: readonly (keyof ListedRecording)[] = ["startedAt", "direction", "from", "to"];

/** Gives the list's columns, without those of the call in which no row of all would have anything. */
export function toColumns(recordings: readonly ListedRecording[]): readonly ListColumn[] {
  return COLUMNS.filter(
    ({ field }) => !CALL_FIELDS.includes(field) || recordings.some((recording) => recording[field] !== null),
  );
}

function toNameCell({ controlNumber, recordingId, sourceName, familyFirst, familyLast }: ListedRecording) {
  const link = element("a", { href: toLink(controlNumber) }, ...toVisibleNodes(controlNumber));
  const otherLeg = controlNumber === familyFirst ? familyLast : familyFirst;
  const call = otherLeg === controlNumber ? [] : [toSmall(`same call as ${otherLeg}`, "call")];
  const isNamed = recordingId !== null || sourceName === controlNumber;
  return [link, ...call, ...(isNamed ? [] : [toSmall(sourceName)])];
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

function toSmall(text: string, kind = ""): HTMLElement {
  return element("span", { className: `small ${kind}` }, ...toVisibleNodes(text));
}

function toText(text: string | null): readonly (Node | string)[] {
  return text === null ? ["–"] : toVisibleNodes(text);
}
