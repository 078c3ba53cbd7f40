import { expect, test } from "vitest";
import { EVIDENCE_GRADES } from "../../../src/archive/schema.ts";
import type { LedgerEntry } from "../../../src/core/ledger-event.ts";
import { toEventWords } from "../../../src/review/browser/event-words.ts";
import { toEvidenceWords, toSignatureWords } from "../../../src/review/browser/evidence-words.ts";
import { toByteWords, toDurationWords, toInstantWords } from "../../../src/review/browser/measure-words.ts";
import { toAddress } from "../../../src/review/browser/to-address.ts";
import { toEventNote } from "../../../src/review/to-event-note.ts";

test.each([
  [0, "0:00.0"],
  [4.24, "0:04.2"],
  [59.96, "1:00"],
  [61.4, "1:01"],
  [3599.7, "1:00:00"],
  [36_061, "10:01:01"],
])("%d seconds are %s", (seconds, words) => {
  expect(toDurationWords(seconds)).toBe(words);
});

test("bytes are told exactly, and an instant says that it is in UTC or stays as it is", () => {
  expect(toByteWords(999)).toBe("999 bytes");
  expect(toByteWords(1_500_000)).toBe("1.5 MB (1,500,000 bytes)");
  expect(toInstantWords("2026-01-05T08:00:00.250Z")).toBe("2026-01-05 08:00:00 UTC");
  expect(toInstantWords("2026-01-05T08:00:00+02:00")).toBe("2026-01-05T08:00:00+02:00");
});

test("an address leads to the very file, whatever is in its name", () => {
  expect(toAddress("data/originals/a b%2F#1?&ü.wav")).toBe("../data/originals/a%20b%252F%231%3F%26%C3%BC.wav");
  expect(toAddress("data/\ud800.wav")).toBe("../data/%EF%BF%BD.wav");
});

test("each grade says what it leaves open, and one that is not known says nothing for the file", () => {
  for (const grade of EVIDENCE_GRADES) {
    expect(toEvidenceWords({ grade, isMessageUnchecked: false }).leavesOpen).toMatch(/^Whether /);
  }
  const unknown = toEvidenceWords({ grade: "constructor", isMessageUnchecked: false });
  expect([unknown.short, unknown.leavesOpen]).toEqual(["constructor", "All of it."]);
  expect(toEvidenceWords({ grade: null, isMessageUnchecked: false }).shows).toMatch(/^Nothing/);
});

test("a digest out of a message that nobody checked is not called the vendor's without saying so", () => {
  const words = toEvidenceWords({ grade: "vendor-digest", isMessageUnchecked: true });
  expect(words.short).toContain("unchecked");
  expect(toSignatureWords("vendor-digest", { webhookSignature: "not-checked" })).toContain("not checked");
  expect(toSignatureWords("vendor-digest", { webhookSignature: "verified" })).toContain("was checked");
  expect(toSignatureWords("vendor-digest", {})).toContain("list");
  expect(toSignatureWords("size-only", { webhookSignature: "verified" })).toBeUndefined();
});

const ENTRY: LedgerEntry = { seq: 1, at: "", actor: "ada", run: "", type: "held", subject: "2026-114" };

test("an event's note names the case and the reason, and nothing that is no text", () => {
  expect(toEventNote({ ...ENTRY, detail: { reason: "court", criteria: {} } }, "rec_1")).toBe(
    "case: 2026-114; reason: court",
  );
  const outputs = [{ profile: "mp3-64k" }, null, { file: "x" }];
  expect(toEventNote({ ...ENTRY, type: "converted", subject: "rec_1", detail: { outputs } }, "rec_1")).toBe(
    "made: mp3-64k",
  );
  expect(toEventNote({ ...ENTRY, type: "fetched", detail: { reason: 7 } }, "rec_1")).toBeUndefined();
  expect(toEventNote({ ...ENTRY, detail: { reason: "x".repeat(5000) } }, "rec_1")?.length).toBeLessThan(310);
});

test("a kind of event that the page does not know is named and not explained", () => {
  expect(toEventWords("held")).toMatch(/^Held/);
  expect(toEventWords("toString")).toBe("Event of the kind “toString”");
});
