import { expect, test } from "vitest";
import { findRecordings, type RecordingFilter, toSearchable } from "../../../src/review/browser/recording-filter.ts";
import { sortRecordings } from "../../../src/review/browser/sort-recordings.ts";
import type { ListedRecording } from "../../../src/review/page-data.ts";

const ANY: RecordingFilter = {
  ...{ search: "", direction: "", evidence: "", state: "", from: "", until: "" },
  legs: false,
};

const BARE: ListedRecording = {
  ...{ controlNumber: "A1", familyFirst: "A1", familyLast: "A1", recordingId: null, callId: null },
  ...{ sourceName: "", startedAt: null, direction: null, from: null, to: null, durationSeconds: null },
  ...{ format: null, grade: null, isMessageUnchecked: false, isDamaged: false, sha256: "" },
};

const RECORDINGS = [
  { ...BARE, controlNumber: "A10", from: "+49301234", startedAt: "2026-01-05T23:59:59.000Z", direction: "inbound" },
  { ...BARE, controlNumber: "A9", to: "Mu\u0308ller", startedAt: "2026-01-06T00:00:00.000Z", grade: "none" },
  { ...BARE, controlNumber: "A8", familyFirst: "A7", familyLast: "A8", format: "wav", durationSeconds: 9.5 },
  {
    ...BARE,
    controlNumber: "A7",
    familyFirst: "A7",
    familyLast: "A8",
    format: "mp3",
    isDamaged: true,
    durationSeconds: 10,
  },
] as const;

function find(filter: Partial<RecordingFilter>): readonly string[] {
  const found = findRecordings(RECORDINGS.map(toSearchable), { ...ANY, ...filter });
  return found.map(({ controlNumber }) => controlNumber);
}

function sort(field: keyof ListedRecording, isDescending = false): readonly string[] {
  const sorted = sortRecordings(RECORDINGS.map(toSearchable), { field, isDescending });
  return sorted.map(({ controlNumber }) => controlNumber);
}

test.each([
  [{}, ["A10", "A9", "A8", "A7"]],
  [{ search: "a1" }, ["A10"]],
  [{ search: " 4930  A10 " }, ["A10"]],
  [{ search: "4930 A9" }, []],
  [{ search: "M\u00dcLLER" }, ["A9"]],
  [{ direction: "inbound" }, ["A10"]],
  [{ direction: "unknown" }, ["A9", "A8", "A7"]],
  [{ evidence: "none" }, ["A9"]],
  [{ evidence: "unknown" }, ["A10", "A8", "A7"]],
  [{ state: "damaged" }, ["A7"]],
  [{ state: "sound" }, ["A8"]],
  [{ state: "none" }, ["A10", "A9"]],
  [{ from: "2026-01-06" }, ["A9"]],
  [{ until: "2026-01-05" }, ["A10"]],
  [{ from: "2026-01-05", until: "2026-01-06" }, ["A10", "A9"]],
  [{ legs: true }, ["A8", "A7"]],
] as const)("%j finds %j", (filter, found) => {
  expect(find(filter)).toEqual(found);
});

test("numbers in names count as numbers, and what is not known comes last in both directions", () => {
  expect(sort("controlNumber")).toEqual(["A7", "A8", "A9", "A10"]);
  expect(sort("controlNumber", true)).toEqual(["A10", "A9", "A8", "A7"]);
  expect(sort("durationSeconds")).toEqual(["A8", "A7", "A10", "A9"]);
  expect(sort("durationSeconds", true)).toEqual(["A7", "A8", "A10", "A9"]);
  expect(sort("startedAt", true)).toEqual(["A9", "A10", "A8", "A7"]);
});
