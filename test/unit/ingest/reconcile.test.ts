import { describe, expect, test } from "vitest";
import { reconcile } from "../../../src/ingest/reconcile.ts";
import { toDayWords } from "../../../src/ingest/reconcile-findings.ts";
import { DAY_MS, held, NOW_MS, OTHER, OWN, offered, RETENTION, told, toSides } from "./reconcile-sides.ts";

const at = (daysAgo: number) => ({ createdAtMs: NOW_MS - daysAgo * DAY_MS });

test("what can still be saved comes first, the most urgent foremost", () => {
  const { results } = reconcile(
    toSides({
      fine: { vendor: offered(at(29)), archive: held(at(29)) },
      working: { vendor: offered({ ...at(28), status: "processing" }) },
      lost: { vendor: { type: "gone" }, events: told({ isCompleted: true, earliestMs: NOW_MS - 40 * DAY_MS }) },
      clash: { vendor: offered(at(1)), events: told({ sha256: OTHER }), archive: held(at(1)) },
      fresh: { vendor: offered(at(1)) },
      urgent: { vendor: offered(at(27.5)) },
      overdue: { vendor: offered(at(31)) },
    }),
    RETENTION,
  );
  expect(results.map(({ recordingId, daysLeft }) => [recordingId, daysLeft])).toEqual([
    ["overdue", -1],
    ["urgent", 2.5],
    ["fresh", 29],
    ["clash", 29],
    ["lost", -10],
    ["working", 2],
    ["fine", 1],
  ]);
});

test("a result says which sides have the recording and when the vendor deletes it", () => {
  const { results } = reconcile(
    toSides({
      rec_1: { vendor: offered({ ...at(5), isListed: false }), events: told() },
      rec_2: { vendor: { type: "gone" }, events: told({ isCompleted: true, earliestMs: NOW_MS - 2 * DAY_MS }) },
      rec_3: { vendor: { type: "gone" }, archive: held(at(3)) },
    }),
    RETENTION,
  );
  expect(results).toEqual([
    {
      recordingId: "rec_1",
      callId: "call",
      status: "gap",
      reason: "not-fetched",
      inList: false,
      inEvents: true,
      inArchive: false,
      createdAt: "2024-01-15T00:00:00.000Z",
      deletesAt: "2024-02-14T00:00:00.000Z",
      daysLeft: 25,
    },
    // The creation is not known: the days are counted from the first webhook.
    expect.objectContaining({ recordingId: "rec_2", createdAt: null, deletesAt: "2024-02-17T00:00:00.000Z" }),
    expect.objectContaining({ recordingId: "rec_3", status: "agreed", inList: false, inArchive: true }),
  ]);
});

describe("the earliest that is not settled", () => {
  test.each([
    ["nothing", {}, undefined],
    ["all agreed", { a: { vendor: offered(at(2)), archive: held(at(2)) } }, undefined],
    ["a gap and an older agreement", { a: { vendor: offered(at(2)) }, b: { archive: held(at(50)) } }, 2],
    [
      "a pending one before a gap",
      { a: { vendor: offered(at(2)) }, b: { vendor: offered({ ...at(3), status: "paused" }) } },
      3,
    ],
    ["a webhook alone", { a: { vendor: { type: "gone" }, events: told({ isCompleted: true }) } }, 1],
  ] as const)("%s", (_, recordings, daysAgo) => {
    const { unsettledSinceMs } = reconcile(toSides(recordings), RETENTION);
    expect(unsettledSinceMs).toBe(daysAgo === undefined ? undefined : NOW_MS - daysAgo * DAY_MS);
  });
});

test("findings tell what is wrong, and how long it can be mended", () => {
  const { findings } = reconcile(
    toSides({
      rec_1: { vendor: offered(at(27.5)) },
      rec_2: { vendor: offered(at(28.5)), archive: held({ ...at(28.5), state: "damaged" }) },
      rec_3: { vendor: offered(at(33)) },
      rec_4: { vendor: { type: "gone" }, archive: held({ ...at(40), state: "missing" }) },
      rec_5: { vendor: offered(at(1)), events: told({ sha256: OTHER }), archive: held(at(1)) },
    }),
    RETENTION,
  );
  expect(findings.map(({ kind, subject, message, detail }) => [subject, kind, message.split("; ")[1], detail])).toEqual(
    [
      ["rec_3", "missing", "the vendor was to delete it 3.0 days ago", {}],
      ["rec_2", "size-mismatch", "36 hours left before the vendor deletes it", { expected: 10, found: 7 }],
      ["rec_1", "missing", "2.5 days left before the vendor deletes it", {}],
      [
        "rec_5",
        "digest-mismatch",
        "29.0 days left before the vendor deletes it",
        { algorithm: "sha256", expected: OTHER, found: OWN },
      ],
      ["rec_4", "missing", "the vendor cannot give it any more", {}],
    ],
  );
});

test("nobody is promised more time than there is", () => {
  const words = [29.999, 2, 1.99, 0.5, 0.049, 0].map(toDayWords);
  expect(words).toEqual(["29.9 days", "2.0 days", "47 hours", "12 hours", "1 hour", "0 hours"]);
  const { results } = reconcile(
    toSides({ a: { vendor: offered(at(29.9999)) }, b: { vendor: offered(at(24.994)) } }),
    RETENTION,
  );
  expect(results.map(({ daysLeft }) => daysLeft)).toEqual([0, 5]);
});

test("on the last instant of its days a recording is gone", () => {
  const completedAt = (daysAgo: number) => ({
    vendor: { type: "gone" as const },
    events: told({ isCompleted: true, earliestMs: NOW_MS - daysAgo * DAY_MS }),
  });
  const { results } = reconcile(toSides({ before: completedAt(29.999), after: completedAt(30) }), RETENTION);
  expect(results.map(({ recordingId, status }) => [recordingId, status])).toEqual([
    ["before", "gap"],
    ["after", "lost"],
  ]);
});
