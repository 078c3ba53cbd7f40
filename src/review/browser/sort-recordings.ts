import type { ListedRecording } from "../page-data.ts";
import type { SearchableRecording } from "./recording-filter.ts";

/** By what the list is in order. */
export interface SortOrder {
  readonly field: keyof ListedRecording;
  readonly isDescending: boolean;
}

const texts = new Intl.Collator("en-GB", { numeric: true });

/** Puts recordings in order; what is not known comes last in either direction, and equals stay as the package has them. */
export function sortRecordings(
  recordings: readonly SearchableRecording[],
  { field, isDescending }: SortOrder,
): readonly SearchableRecording[] {
  const sign = isDescending ? -1 : 1;
  return recordings.toSorted((one, other) => {
    const [value, otherValue] = [one[field], other[field]];
    if (value === null || otherValue === null) return Number(value === null) - Number(otherValue === null);
    return sign * compare(value, otherValue);
  });
}

function compare(one: string | number | boolean, other: string | number | boolean): number {
  return typeof one === "number" ? one - Number(other) : texts.compare(String(one), String(other));
}
