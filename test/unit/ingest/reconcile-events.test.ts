import { expect, test } from "vitest";
import { toEventSides } from "../../../src/ingest/reconcile-events.ts";
import { parseEventLine, type StoredEvent } from "../../../src/vendor/event-file.ts";

const SHA256 = "ab".repeat(32);

function toEvent(kind: string, data: object): StoredEvent {
  const subject = { recording_id: "rec", call_id: "call" };
  return parseEventLine(JSON.stringify({ event: `recording.${kind}`, data: { ...subject, ...data } }), {
    lineNumber: 1,
  });
}

const STARTED = toEvent("started", { started_at: "2024-01-15T10:30:05Z" });
const STOPPED = toEvent("stopped", { stopped_at: "2024-01-15T10:35:10Z" });
const COMPLETED = toEvent("completed", {
  completed_at: "2024-01-15T10:36:00Z",
  checksum: { algorithm: "sha256", value: SHA256 },
});
const FAILED = toEvent("failed", { failed_at: "2024-01-15T10:37:00Z", reason: "storage_error" });

test.each([
  ["in their order", [STARTED, STOPPED, COMPLETED, FAILED]],
  ["backwards", [FAILED, COMPLETED, STOPPED, STARTED]],
  ["mixed and twice", [COMPLETED, FAILED, STARTED, COMPLETED, STOPPED, FAILED, STARTED]],
])("all events of a recording count together, %s", (_, events) => {
  const { byRecording, findings } = toEventSides(events);
  expect(findings).toEqual([]);
  expect([...byRecording]).toEqual([
    [
      "rec",
      {
        callId: "call",
        earliestMs: Date.parse("2024-01-15T10:30:05Z"),
        latestMs: Date.parse("2024-01-15T10:37:00Z"),
        isCompleted: true,
        isFailed: true,
        sha256: SHA256,
      },
    ],
  ]);
});

test("a beginning is neither a completion nor a failure", () => {
  const [side] = toEventSides([STARTED, STOPPED]).byRecording.values();
  expect(side).toMatchObject({ isCompleted: false, isFailed: false, sha256: undefined });
});
