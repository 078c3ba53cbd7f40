import { describe, expect, test } from "vitest";
import { gatherEvidence } from "../../../src/ingest/event-evidence.ts";
import { parseEventLine, type StoredEvent } from "../../../src/vendor/event-file.ts";

const [A, B] = ["aa".repeat(32), "bb".repeat(32)];

function completed(value: string, signature: StoredEvent["signature"] = "not-checked"): StoredEvent {
  const checksum = { algorithm: "sha256", value };
  const data = { recording_id: "rec", call_id: "call", completed_at: "2024-01-15T10:36:00Z", checksum };
  const line = JSON.stringify({ event: "recording.completed", data });
  return { event: parseEventLine(line, { lineNumber: 1 }).event, signature };
}

describe("what several webhooks of one recording prove, in whatever order they come", () => {
  test.each([
    ["one", [completed(A)], [A], "not-checked", []],
    ["one twice", [completed(A), completed(A)], [A], "not-checked", []],
    ["a signed and an unsigned other", [completed(A, "verified"), completed(B, "unsigned")], [A], "verified", []],
    ["an unsigned one alone", [completed(A, "unsigned")], [A], "unsigned", []],
    ["two that contradict each other", [completed(A), completed(B)], [A, B], "not-checked", ["checksum-unverifiable"]],
    [
      "two signed ones that contradict each other",
      [completed(A, "verified"), completed(B, "verified")],
      [A, B],
      "verified",
      ["checksum-unverifiable"],
    ],
    ["a checksum of 16 digits", [completed("abcdef0123456789")], [], "not-checked", ["checksum-unverifiable"]],
  ] as const)("%s", (_, events, claims, signature, kinds) => {
    for (const ordered of [events, events.toReversed()]) {
      const { byRecording, findings } = gatherEvidence(ordered);
      const [found] = [...byRecording.values()];
      expect({ ...found, claims: found?.claims.toSorted() }).toEqual({
        sha256: claims.length === 1 ? claims[0] : undefined,
        claims,
        signature,
      });
      expect(findings.map(({ kind }) => kind)).toEqual(kinds);
    }
  });

  // Two contradict each other whatever a third says: which of them is right cannot be known.
  test("the third does not settle what two disagree about", () => {
    const orders = [
      [completed(A), completed(B), completed(A)],
      [completed(A), completed(A), completed(B)],
      [completed(B), completed(A), completed(A)],
    ];
    for (const events of orders) {
      const { byRecording, findings } = gatherEvidence(events);
      expect([...byRecording.values()].map(({ sha256 }) => sha256)).toEqual([undefined]);
      expect(findings).toHaveLength(1);
    }
  });
});

test("only a completed recording carries evidence", () => {
  const data = { recording_id: "rec", call_id: "call", started_at: "2024-01-15T10:30:05Z" };
  const line = JSON.stringify({ event: "recording.started", data });
  const started = parseEventLine(line, { lineNumber: 1 });
  expect(gatherEvidence([started])).toEqual({ byRecording: new Map(), findings: [] });
});
