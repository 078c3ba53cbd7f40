import { describe, expect, test } from "vitest";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { toReconcileFinding } from "../../../src/ingest/reconcile-findings.ts";
import type { RecordingSides } from "../../../src/ingest/reconcile-sides.ts";
import { judge } from "../../../src/ingest/reconcile-verdict.ts";
import { held, OTHER, OWN, offered, told } from "./reconcile-sides.ts";

const VENDOR: Readonly<Record<string, RecordingSides["vendor"]>> = {
  "not asked": undefined,
  listed: offered(),
  "listed, named right": offered({ sha256: OWN }),
  "listed, named wrong": offered({ sha256: OTHER }),
  "listed, at work": offered({ status: "processing" }),
  "listed, failed": offered({ status: "failed" }),
  unlisted: offered({ isListed: false }),
  "unlisted, at work": offered({ isListed: false, status: "recording" }),
  "unlisted, failed": offered({ isListed: false, status: "failed" }),
  gone: { type: "gone" },
  unknown: { type: "unknown", error: new Error("no answer") },
};
const EVENTS: Readonly<Record<string, RecordingSides["events"]>> = {
  none: undefined,
  begun: told(),
  completed: told({ isCompleted: true, sha256: OWN }),
  "other digest": told({ isCompleted: true, sha256: OTHER }),
  failed: told({ isFailed: true }),
  both: told({ isCompleted: true, isFailed: true }),
};
const ARCHIVE: Readonly<Record<string, RecordingSides["archive"]>> = {
  none: undefined,
  whole: held(),
  missing: held({ state: "missing" }),
  damaged: held({ state: "damaged" }),
  unknown: held({ state: "unknown" }),
};

describe("one recording, as the three sides see it", () => {
  // vendor | webhooks | archive | past its time | verdict
  const rows = `
    listed              | none         | whole   | no  | agreed archived
    listed              | completed    | whole   | no  | agreed archived
    listed              | begun        | whole   | yes | agreed archived
    listed, named right | none         | whole   | no  | agreed archived
    listed, failed      | failed       | whole   | no  | agreed archived
    listed, named wrong | none         | whole   | no  | conflict digest-differs
    listed              | other digest | whole   | no  | conflict digest-differs
    listed, named right | other digest | whole   | no  | conflict digest-differs
    not asked           | other digest | whole   | yes | conflict digest-differs
    unknown             | other digest | whole   | no  | conflict digest-differs
    listed, at work     | none         | whole   | no  | pending not-completed
    unlisted            | none         | whole   | no  | pending not-listed
    gone                | completed    | whole   | no  | agreed deleted-early
    not asked           | completed    | whole   | yes | agreed past-retention
    unknown             | none         | whole   | no  | failed vendor-unknown
    listed              | none         | none    | no  | gap not-fetched
    listed              | other digest | none    | no  | gap not-fetched
    listed              | failed       | none    | no  | gap not-fetched
    listed              | none         | none    | yes | gap not-fetched
    unlisted            | completed    | none    | no  | gap not-fetched
    listed, at work     | none         | none    | no  | pending not-completed
    listed, at work     | begun        | none    | yes | pending not-completed
    listed, at work     | completed    | none    | no  | gap not-fetched
    unlisted, at work   | begun        | none    | no  | pending not-completed
    listed, failed      | none         | none    | no  | agreed failed-at-vendor
    unlisted, failed    | begun        | none    | no  | agreed failed-at-vendor
    listed, failed      | completed    | none    | no  | lost failed-at-vendor
    not asked           | failed       | none    | no  | agreed failed-at-vendor
    gone                | completed    | none    | no  | gap not-at-vendor
    gone                | both         | none    | no  | gap not-at-vendor
    gone                | completed    | none    | yes | lost not-fetched
    gone                | begun        | none    | no  | pending not-known-yet
    gone                | begun        | none    | yes | lost not-fetched
    unknown             | completed    | none    | no  | failed vendor-unknown
    listed              | none         | missing | no  | gap original-missing
    listed              | none         | damaged | no  | gap original-damaged
    listed, at work     | none         | missing | no  | gap original-missing
    listed, failed      | none         | missing | no  | lost failed-at-vendor
    unlisted            | none         | damaged | yes | gap original-damaged
    gone                | none         | missing | no  | lost original-missing
    gone                | none         | damaged | yes | lost original-damaged
    unknown             | none         | missing | no  | failed vendor-unknown
    listed              | none         | unknown | no  | failed archive-unknown
    gone                | completed    | unknown | yes | failed archive-unknown`;
  test.each(
    rows
      .trim()
      .split("\n")
      .map((row) => row.split("|").map((cell) => cell.trim())),
  )("vendor %s, webhooks %s, archive %s, past %s: %s", (vendor = "", events = "", archive = "", past, expected) => {
    for (const [table, word] of [
      [VENDOR, vendor],
      [EVENTS, events],
      [ARCHIVE, archive],
    ] as const) {
      expect(Object.keys(table)).toContain(word);
    }
    const sides = { vendor: VENDOR[vendor], events: EVENTS[events], archive: ARCHIVE[archive] };
    const { status, reason } = judge(sides, past === "yes");
    expect(`${status} ${reason}`).toBe(expected);
  });
});

/** Every combination that can come about: what the archive has or webhooks say completed is asked for. */
function* allCombinations(): Generator<{ readonly sides: RecordingSides; readonly isPast: boolean }> {
  for (const vendor of Object.values(VENDOR)) {
    for (const events of Object.values(EVENTS)) {
      for (const archive of Object.values(ARCHIVE)) {
        for (const isPast of [false, true]) {
          const isHeld = archive?.state === "whole" && isPast;
          const isAlone = archive === undefined && events?.isFailed === true && !events.isCompleted;
          if (vendor !== undefined || isHeld || isAlone) yield { sides: { vendor, events, archive }, isPast };
        }
      }
    }
  }
}

describe("whatever the sides say", () => {
  const all = [...allCombinations()].map(({ sides, isPast }) => ({ sides, isPast, verdict: judge(sides, isPast) }));

  test("nothing is agreed that the archive cannot give, unless the vendor never had it", () => {
    const agreed = all.filter(({ verdict }) => verdict.status === "agreed");
    expect(agreed.length).toBeGreaterThan(0);
    for (const { sides, verdict } of agreed) {
      expect(sides.archive?.state === "whole" || verdict.reason === "failed-at-vendor").toBe(true);
      if (verdict.reason === "failed-at-vendor") expect(sides.archive).toBeUndefined();
    }
  });

  test("no side that could not be asked is taken to agree", () => {
    const unknown = all.filter(({ sides }) => sides.vendor?.type === "unknown" || sides.archive?.state === "unknown");
    expect(new Set(unknown.map(({ verdict }) => verdict.status))).toEqual(new Set(["failed", "conflict"]));
  });

  test("what the vendor can give and the archive cannot is a gap", () => {
    const open = all.filter(
      ({ sides: { vendor, archive } }) =>
        vendor?.type === "has" &&
        vendor.status === "completed" &&
        archive?.state !== "whole" &&
        archive?.state !== "unknown",
    );
    expect(new Set(open.map(({ verdict }) => verdict.status))).toEqual(new Set(["gap"]));
  });

  test("a gap, a loss and a conflict are findings, and nothing else is", () => {
    for (const { sides, verdict } of all) {
      const finding = toReconcileFinding(parseRecordingId("rec"), { verdict, daysLeft: 3.5 }, sides);
      expect(finding !== undefined).toBe(["gap", "lost", "conflict"].includes(verdict.status));
    }
  });
});
