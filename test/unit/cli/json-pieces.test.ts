import { expect, test } from "vitest";
import { toJsonPieces } from "../../../src/cli/json-pieces.ts";

const RESULT = {
  recordingId: "rec_1",
  path: 'a "b"\nc',
  complete: null,
  reason: undefined,
  tags: [],
  nested: { of: [1, {}] },
};

test.each<[string, object]>([
  ["an empty document", {}],
  ["a report", { schema: "x/1", counts: { done: 2 }, own: undefined, results: [RESULT, RESULT], findings: [] }],
  ["fields that are left out at the ends", { first: undefined, results: [RESULT], last: undefined }],
  ["lists of what is no object", { words: ["a", undefined, null, 1.5, [2, [3]]], flag: false }],
])("the pieces of %s are the text that JSON.stringify makes", (_, document) => {
  expect([...toJsonPieces(document)].join("")).toBe(JSON.stringify(document, null, 2));
});

test("no piece is much longer than another, however long the list", () => {
  const document = { results: Array.from({ length: 5000 }, () => RESULT), failures: [] };
  const pieces = [...toJsonPieces(document)];
  expect(pieces.join("")).toBe(JSON.stringify(document, null, 2));
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(70_000);
});
