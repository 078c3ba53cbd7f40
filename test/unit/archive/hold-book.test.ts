import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HoldBook, type HoldSubject } from "../../../src/archive/hold-book.ts";
import type { HoldCriteria } from "../../../src/core/hold.ts";
import type { EventType, LedgerEntry } from "../../../src/core/ledger-event.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { LedgerBrokenError } from "../../../src/ledger/errors.ts";

const SINCE = Date.parse("2026-01-01T00:00:00Z");

function toEntry(seq: number, type: EventType, subject: string, detail: Record<string, unknown>): LedgerEntry {
  return { seq, at: "2026-02-01T00:00:00.000Z", actor: "ann", run: "run_1", type, subject, detail };
}

function openBook(...holds: readonly HoldCriteria[]): HoldBook {
  const book = new HoldBook();
  for (const [seq, criteria] of holds.entries()) book.enter(toEntry(seq, "held", `case ${seq}`, { criteria }));
  return book;
}

function release(book: HoldBook, seq: number, holds: readonly number[], name: string): void {
  book.enter(toEntry(seq, "released", name, { holds, reason: "settled", approvedBy: [] }));
}

function named(recordings: readonly string[], callIds: readonly string[] = []): HoldCriteria {
  return { kind: "named", recordingIds: recordings.map(parseRecordingId), callIds };
}

function recording(id: string, known: Omit<HoldSubject, "recordingId"> = {}): HoldSubject {
  return { recordingId: parseRecordingId(id), ...known };
}

const cases = (book: HoldBook, subject: HoldSubject) =>
  book.catching(subject).map(({ hold, certainty }) => [hold.case, certainty]);

describe("a hold by name", () => {
  test("catches its recordings, and those of its calls whenever they come", () => {
    const book = openBook(named(["rec_1"], ["call_9"]));
    expect(cases(book, recording("rec_1", { callId: "call_1" }))).toEqual([["case 0", "certain"]]);
    expect(cases(book, recording("rec_7", { callId: "call_9" }))).toEqual([["case 0", "certain"]]);
    expect(cases(book, recording("rec_7", { callId: "call_1" }))).toEqual([]);
  });

  test("of calls may mean any recording of which the call is not known", () => {
    expect(cases(openBook(named([], ["call_9"])), recording("rec_7"))).toEqual([["case 0", "undecidable"]]);
    expect(cases(openBook(named(["rec_1"])), recording("rec_7"))).toEqual([]);
  });

  test("catches one of two hundred thousand, and lets all go", () => {
    const ids = Array.from({ length: 200_000 }, (_, index) => `rec_${index}`);
    const book = openBook(named(ids), named(["rec_199999"]));
    expect(cases(book, recording("rec_199999"))).toEqual([
      ["case 0", "certain"],
      ["case 1", "certain"],
    ]);
    release(book, 2, [0], "case 0");
    expect(cases(book, recording("rec_199999"))).toEqual([["case 1", "certain"]]);
    expect(cases(book, recording("rec_0"))).toEqual([]);
  });
});

describe("a hold by number and time", () => {
  const criteria: HoldCriteria = { kind: "matching", from: "+49 30 1234567", sinceMs: SINCE, untilMs: SINCE + 1000 };
  test.each([
    ["the number in another form", "0049301234567", SINCE, "certain"],
    ["the number as an address", "sip:+49301234567@pbx.example", SINCE + 999, "certain"],
    ["another number", "+49301234568", SINCE, undefined],
    ["a number without its country, with the same end", "0301234567", SINCE, "undecidable"],
    ["a number that is kept from us", "anonymous", SINCE, "undecidable"],
    ["no known number", undefined, SINCE, "undecidable"],
    ["no known time", "+49301234567", undefined, "undecidable"],
    ["nothing that is known", undefined, undefined, "undecidable"],
    ["the first instant after it", "+49301234567", SINCE + 1000, undefined],
    ["the last instant before it", undefined, SINCE - 1, undefined],
  ] as const)("%s", (_, from, createdAtMs, certainty) => {
    const subject = recording("rec_1", { callId: "call_1", createdAtMs, call: { from } });
    const expected = certainty === undefined ? [] : [["case 0", certainty]];
    expect(cases(openBook(criteria), subject)).toEqual(expected);
  });
});

describe("a release", () => {
  test("leaves what another case holds", () => {
    const book = openBook(named(["rec_1"]), named(["rec_1", "rec_2"]));
    release(book, 2, [0], "case 0");
    expect(cases(book, recording("rec_1"))).toEqual([["case 1", "certain"]]);
    expect(book.holds.map((hold) => hold.release?.reason)).toEqual(["settled", undefined]);
  });

  test("of a hold that is not of its case, or was never added, lets nothing go", () => {
    const book = openBook(named(["rec_1"]));
    release(book, 1, [0], "another case");
    release(book, 2, [99], "case 0");
    expect(cases(book, recording("rec_1"))).toEqual([["case 0", "certain"]]);
  });

  test("that comes a second time does not rewrite who did it first", () => {
    const book = openBook(named(["rec_1"]));
    release(book, 1, [0], "case 0");
    book.enter(toEntry(2, "released", "case 0", { holds: [0], reason: "again", approvedBy: ["bob"] }));
    expect(book.holds[0]?.release).toMatchObject({ reason: "settled", approvedBy: [] });
  });
});

test.each(["held", "released"] as const)(
  "an event (%s) that cannot be read leaves nobody sure of what is held",
  (type) => {
    expect(() => new HoldBook().enter(toEntry(0, type, "case", { criteria: { kind: "new kind" } }))).toThrow(
      LedgerBrokenError,
    );
  },
);

/** Small worlds, so that holds overlap. */
const NAME = fc.constantFrom("a", "b", "c");
const NUMBER = fc.constantFrom("+4930111111", "+4930222222", "anonymous");
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const TIME = fc.integer({ min: 0, max: 3 });
const CRITERIA: fc.Arbitrary<HoldCriteria> = fc.oneof(
  fc.tuple(fc.uniqueArray(NAME), fc.uniqueArray(NAME)).map(([ids, calls]) => named(ids, calls)),
  fc.record({
    kind: fc.constant("matching" as const),
    from: maybe(NUMBER),
    sinceMs: maybe(TIME),
    untilMs: maybe(TIME),
  }),
);
const STEP = fc.oneof(
  fc.record({ type: fc.constant("held" as const), criteria: CRITERIA }),
  fc.record({ type: fc.constant("released" as const), holds: fc.array(fc.nat(6)) }),
);
const SUBJECT = fc.record({ recordingId: NAME, callId: maybe(NAME), createdAtMs: maybe(TIME), from: maybe(NUMBER) });

/** What a hold means, said as plainly as can be: for all that is not known, is there a way that it is meant, or that it is not? */
function judge(
  criteria: HoldCriteria,
  subject: { [K in "recordingId" | "callId" | "from"]?: string | undefined } & { createdAtMs?: number | undefined },
) {
  if (criteria.kind === "named") {
    if (criteria.recordingIds.some((id) => id === subject.recordingId)) return "certain";
    if (criteria.callIds.length === 0) return undefined;
    if (subject.callId === undefined) return "undecidable";
    return criteria.callIds.includes(subject.callId) ? "certain" : undefined;
  }
  const points: ("yes" | "no" | "unknown")[] = [];
  const { createdAtMs, from } = subject;
  const ask = (known: boolean, isYes: boolean) => points.push(known ? (isYes ? "yes" : "no") : "unknown");
  if (criteria.sinceMs !== undefined) ask(createdAtMs !== undefined, Number(createdAtMs) >= criteria.sinceMs);
  if (criteria.untilMs !== undefined) ask(createdAtMs !== undefined, Number(createdAtMs) < criteria.untilMs);
  if (criteria.from !== undefined) {
    const isTold = from !== undefined && (from === criteria.from || ![from, criteria.from].includes("anonymous"));
    ask(isTold, from === criteria.from);
  }
  if (points.includes("no")) return undefined;
  return points.includes("unknown") ? "undecidable" : "certain";
}

test("whatever is held and released in whatever order, what stands is what was added and not released", () => {
  fc.assert(
    fc.property(
      fc.array(STEP, { maxLength: 12 }),
      fc.array(SUBJECT, { minLength: 1, maxLength: 5 }),
      (steps, subjects) => {
        const book = new HoldBook();
        const model = new Map<number, HoldCriteria>();
        for (const [seq, step] of steps.entries()) {
          if (step.type === "held") {
            book.enter(toEntry(seq, "held", "case", { criteria: step.criteria }));
            model.set(seq, step.criteria);
          } else {
            release(book, seq, step.holds, "case");
            for (const hold of step.holds) model.delete(hold);
          }
        }
        for (const { recordingId, from, ...known } of subjects) {
          const subject = { ...recording(recordingId, known), call: { from } };
          const found = book.catching(subject).map(({ hold, certainty }) => [hold.seq, certainty]);
          const expected = [...model].map(([seq, criteria]) => [seq, judge(criteria, { recordingId, from, ...known })]);
          expect(found).toEqual(expected.filter(([, certainty]) => certainty !== undefined));
        }
      },
    ),
    { seed: 7, numRuns: 500 },
  );
});
