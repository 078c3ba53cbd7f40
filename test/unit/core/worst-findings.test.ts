import { expect, test } from "vitest";
import { FINDING_KINDS, type Finding, type FindingKind } from "../../../src/core/finding.ts";
import { countKinds, takeWorst } from "../../../src/core/worst-findings.ts";

const toFinding = (kind: FindingKind, subject: string = kind, detail: Finding["detail"] = {}): Finding => ({
  kind,
  subject,
  message: "",
  detail,
});

test("what is lost comes first, what lost nothing last, and every kind has a place of its own", () => {
  const kinds = takeWorst(
    FINDING_KINDS.map((kind) => toFinding(kind)),
    100,
  ).map(({ kind }) => kind);
  expect(kinds.toSorted()).toEqual([...FINDING_KINDS].toSorted());
  expect(kinds.slice(0, 6)).toEqual([
    ...["missing", "location-unreachable", "unreadable", "digest-mismatch", "truncated", "corrupt-frames"],
  ]);
  expect(kinds.slice(-3)).toEqual(["unexpected", "tags-changed", "trailing-data"]);
});

test("a few of many are the worst, of one kind the first", () => {
  const many = Array.from({ length: 100 }, (_, index) => [
    toFinding("unexpected", `u${index}`),
    toFinding("digest-mismatch", `d${index}`),
  ]).flat();
  const worst = takeWorst([...many, toFinding("missing", "m")], 3);
  expect(worst.map(({ subject }) => subject)).toEqual(["m", "d0", "d1"]);
});

test("what was mended comes behind what was not", () => {
  const mended = toFinding("missing", "mended", { healedFrom: "/copy" });
  expect(takeWorst([mended, toFinding("trailing-data")], 2).map(({ subject }) => subject)).toEqual([
    "trailing-data",
    "mended",
  ]);
});

test("kinds are counted, the most urgent first", () => {
  const findings = ["unexpected", "missing", "unexpected"] as const;
  expect([...countKinds(findings.map((kind) => toFinding(kind)))]).toEqual([
    ["missing", 1],
    ["unexpected", 2],
  ]);
});
