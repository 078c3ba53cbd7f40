import {
  type Columns,
  type ListedRecording,
  PAGE_DATA,
  type PackageFacts,
  PIECE_LENGTH,
  type RecordingDetail,
  type RemovedRecording,
} from "../page-data.ts";
import { toRows } from "./to-rows.ts";

/** Reads what the page says of its package. */
export function readFacts(): PackageFacts {
  return parse(document.getElementById(PAGE_DATA.facts));
}

/** Reads all lines of the list. */
export function readListed(): readonly ListedRecording[] {
  return readRows<ListedRecording>(PAGE_DATA.listed);
}

/** Reads which recordings were removed before the package was made. */
export function readRemoved(): readonly RemovedRecording[] {
  return readRows<RemovedRecording>(PAGE_DATA.removed);
}

/**
 * Reads the rest of what is told of a recording. Only the piece that it stands in is parsed.
 *
 * @param index - Its place in the page's data.
 */
export function readDetail(index: number): RecordingDetail {
  const piece = document.getElementsByClassName(PAGE_DATA.details)[Math.floor(index / PIECE_LENGTH)];
  const detail = toRows(parse<Columns<RecordingDetail>>(piece ?? null))[index % PIECE_LENGTH];
  if (detail === undefined) throw new Error(`internal error: the page has no recording ${index}`);
  return detail;
}

function readRows<T>(name: string): readonly T[] {
  return [...document.getElementsByClassName(name)].flatMap((piece) => toRows(parse<Columns<T>>(piece)));
}

function parse<T>(element: Element | null): T {
  return JSON.parse(element?.textContent ?? "") as T;
}
