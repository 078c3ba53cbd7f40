import { expect, test } from "vitest";
import { toJsonPieces } from "../../../src/cli/json-pieces.ts";
import { Spool } from "../../../src/io/spool.ts";

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

test.each([0, 1, 2500])("what was written aside is a list like another: %i things", (count) => {
  const results = Array.from({ length: count }, () => RESULT);
  const spool = new Spool<typeof RESULT>({ heldItems: 10 });
  for (const result of results) spool.push(result);
  const whole = JSON.stringify({ results, failures: [] }, null, 2);
  expect([...toJsonPieces({ results: spool, failures: [] })].join("")).toBe(whole);
  spool.close();
});
