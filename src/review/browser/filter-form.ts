import type { ListedRecording } from "../page-data.ts";
import { element } from "./element.ts";
import { toEvidenceWords } from "./evidence-words.ts";
import { findElement } from "./find-element.ts";
import { type RecordingFilter, UNKNOWN } from "./recording-filter.ts";

/**
 * Makes the form of the filters work: `onChange` is told of each change of what is asked for. Of the grades of evidence, those
 * are offered that there are.
 */
export function mountFilterForm(
  recordings: readonly ListedRecording[],
  onChange: (filter: RecordingFilter) => void,
): void {
  const form = findElement<HTMLFormElement>("filters");
  const grades = new Set(recordings.map(({ grade }) => grade));
  findElement("evidence").append(...[...grades].map(toGradeOption));
  form.addEventListener("input", () => onChange(readFilter()));
  form.addEventListener("submit", (event) => event.preventDefault());
  findElement("clear").addEventListener("click", () => {
    form.reset();
    onChange(readFilter());
  });
}

/** Reads what is asked for; a browser may have kept it from the last time. */
export function readFilter(): RecordingFilter {
  const read = (id: string) => findElement<HTMLInputElement | HTMLSelectElement>(id).value;
  return {
    search: read("search"),
    direction: read("direction"),
    evidence: read("evidence"),
    state: read("state"),
    from: read("from"),
    until: read("until"),
    legs: findElement<HTMLInputElement>("legs").checked,
  };
}

function toGradeOption(grade: string | null): HTMLElement {
  const { short } = toEvidenceWords({ grade, isMessageUnchecked: false });
  return element("option", { value: grade ?? UNKNOWN }, short);
}
