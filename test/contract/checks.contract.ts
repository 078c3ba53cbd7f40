import { describe, expect, test } from "vitest";
import type { Catalogue } from "../../src/catalogue/catalogue.ts";
import type { ArchivedRecording } from "../../src/core/archived-file.ts";
import { parseSha256 } from "../../src/core/digest.ts";
import { parseRecordingId } from "../../src/core/recording-id.ts";
import { toStorageKey } from "../../src/core/storage-key.ts";
import type {
  CheckStatus,
  DueRecording,
  DueSelection,
  FileTrace,
  RecordingCheck,
  RunFinding,
  VerifyRun,
} from "../../src/core/verification.ts";

const DAY_MS = 86_400_000;
const NOW_MS = 1_700_000_000_000;
const EVERYTHING: DueSelection = { level: "digest", beforeMs: Number.MAX_SAFE_INTEGER };
const ENDED = { finishedAtMs: NOW_MS + 9, outcome: "findings", done: 3, findings: 2, failed: 1, bytes: 4096 } as const;

function sha256Of(digit: string) {
  return parseSha256(digit.repeat(64));
}

/** A sidecar and an original, stored so many days ago. */
function recording(id: string, daysAgo = 100, originalSha256 = sha256Of("a")): ArchivedRecording {
  const recordingId = parseRecordingId(id);
  const toFile = (name: string, role: "original" | "sidecar", sha256 = sha256Of("b")) => ({
    ...{ key: toStorageKey("recordings", name), recordingId, role, sizeBytes: 10, sha256 },
  });
  const files = [toFile(`${id}.json`, "sidecar"), toFile(`${id}.mp3`, "original", originalSha256)];
  const storedAtMs = NOW_MS - daysAgo * DAY_MS;
  const call = { from: "+4930123456", to: undefined, direction: "inbound" as const };
  return { recordingId, callId: `call of ${id}`, createdAtMs: 7, call, storedAtMs, files };
}

function check(id: string, status: CheckStatus = "ok", made: Partial<RecordingCheck> = {}): RecordingCheck {
  const recordingId = parseRecordingId(id);
  return { recordingId, runId: "run", level: "digest", status, checkedAtMs: NOW_MS, traces: {}, ...made };
}

function trace(inode: string): FileTrace {
  return { sizeBytes: 10, inode, modifiedNs: "1700000000123456789" };
}

function begun(runId: string, startedAtMs = NOW_MS): VerifyRun {
  return { runId, level: "digest", startedAtMs, request: "--level digest", toolVersion: "1.2.3", ended: undefined };
}

function found(runId: string, id: string | undefined, subject: string): RunFinding {
  const recordingId = id === undefined ? undefined : parseRecordingId(id);
  const finding = {
    kind: "digest-mismatch",
    message: `changed: ${subject}`,
    detail: { expected: "a", found: 3 },
  } as const;
  return { runId, recordingId, foundAtMs: NOW_MS, finding: { ...finding, subject } };
}

async function dueOf({ checks }: Catalogue, selection = EVERYTHING): Promise<readonly DueRecording[]> {
  const due: DueRecording[] = [];
  for await (const each of checks.due(selection)) due.push(each);
  return due;
}

async function dueIds(catalogue: Catalogue, selection = EVERYTHING): Promise<readonly string[]> {
  return (await dueOf(catalogue, selection)).map(({ recording: { recordingId } }) => recordingId);
}

function historyOf({ checks }: Catalogue, id: string) {
  return checks.history(parseRecordingId(id));
}

/** What every driver does with the checks of its catalogue. `open` gives a new, empty catalogue; the suite closes it. */
export function describeChecks(name: string, open: () => Promise<Catalogue>): void {
  const withCatalogue = (work: (catalogue: Catalogue) => Promise<void>) => async () => {
    const catalogue = await open();
    await work(catalogue).finally(() => catalogue.close());
  };

  describe(`${name}: what is due`, () => {
    test(
      "a recording that was never looked at counts from when it was stored, oldest first, with all its files",
      withCatalogue(async (catalogue) => {
        await catalogue.put([recording("new", 1), recording("old", 50), recording("older", 60)]);
        const due = await dueOf(catalogue, { level: "deep", beforeMs: NOW_MS - 30 * DAY_MS });
        expect(due).toEqual([
          { recording: recording("older", 60), lastCheckedAtMs: NOW_MS - 60 * DAY_MS, traces: {} },
          { recording: recording("old", 50), lastCheckedAtMs: NOW_MS - 50 * DAY_MS, traces: {} },
        ]);
      }),
    );

    test(
      "each comes once over many pages, whether or not instants differ",
      withCatalogue(async (catalogue) => {
        const ids = Array.from({ length: 3000 }, (_, index) => `r${String(index).padStart(4, "0")}`);
        await catalogue.put(ids.map((id, index) => recording(id, index < 1700 ? 10 : 3000 - index)));
        const due = await dueOf(catalogue);
        expect(new Set(due.map((each) => each.recording.recordingId)).size).toBe(3000);
        expect(due.length).toBe(3000);
        const instants = due.map(({ lastCheckedAtMs }) => lastCheckedAtMs);
        expect(instants).toEqual(instants.toSorted((a, b) => a - b));
        expect(due.every((each) => each.recording.files.length === 2)).toBe(true);
      }),
    );

    test(
      "what is noted meanwhile does not come again, though the clock stands still and nothing is too young",
      withCatalogue(async (catalogue) => {
        const ids = Array.from({ length: 1300 }, (_, index) => `r${index}`);
        await catalogue.put(ids.map((id) => recording(id)));
        await catalogue.checks.note(
          ids.slice(0, 700).map((id) => check(id, "damaged")),
          [],
        );
        const given: string[] = [];
        for await (const { recording: each } of catalogue.checks.due(EVERYTHING)) {
          given.push(each.recordingId);
          const status = given.length % 3 === 0 ? "missing" : given.length % 3 === 1 ? "ok" : "unreachable";
          await catalogue.checks.note([check(each.recordingId, status)], []);
        }
        expect(given.length).toBe(1300);
        expect(new Set(given).size).toBe(1300);
      }),
    );

    test(
      "what was not ok comes first, however lately it was looked at, and in turns",
      withCatalogue(async (catalogue) => {
        await catalogue.put(["a", "b", "c", "d", "e"].map((id) => recording(id)));
        await catalogue.checks.note([check("d", "missing"), check("a")], []);
        await catalogue.checks.note([check("b", "damaged")], []);
        await catalogue.checks.note([check("c", "unreachable")], []);
        const young = { level: "digest", beforeMs: NOW_MS } as const;
        expect(await dueIds(catalogue, young)).toEqual(["d", "b", "c", "e"]);
        await catalogue.checks.note([check("d", "missing")], []);
        expect(await dueIds(catalogue, young)).toEqual(["b", "c", "d", "e"]);
      }),
    );

    test(
      "the summary counts what comes, and all of it is what the catalogue holds",
      withCatalogue(async (catalogue) => {
        expect(await catalogue.checks.summariseDue(EVERYTHING)).toEqual({ recordings: 0, files: 0, bytes: 0 });
        await catalogue.put([recording("a", 5), recording("b", 40), recording("c", 41), recording("d", 6)]);
        await catalogue.checks.note([check("a", "damaged"), check("b"), check("c", "missing", { checkedAtMs: 5 })], []);
        expect(await catalogue.checks.summariseDue(EVERYTHING)).toEqual({ recordings: 4, files: 8, bytes: 80 });
        expect(await catalogue.summarise()).toEqual({ recordings: 4, files: 8, bytes: 80 });
        const selection = { level: "digest", beforeMs: NOW_MS - 30 * DAY_MS } as const;
        expect(await catalogue.checks.summariseDue(selection)).toEqual({ recordings: 2, files: 4, bytes: 40 });
        expect(await dueIds(catalogue, selection)).toEqual(["a", "c"]);
      }),
    );

    test(
      "a look that lies ahead of the clock makes nothing young, and comes once",
      withCatalogue(async (catalogue) => {
        await catalogue.put(["ahead", "now", "young", "bad"].map((id) => recording(id)));
        const ahead = { checkedAtMs: NOW_MS + DAY_MS };
        const young = check("young", "ok", { checkedAtMs: NOW_MS - DAY_MS });
        await catalogue.checks.note(
          [check("ahead", "ok", ahead), check("now"), young, check("bad", "damaged", ahead)],
          [],
        );
        const selection = { level: "digest", beforeMs: NOW_MS - 30 * DAY_MS, nowMs: NOW_MS } as const;
        expect(await dueIds(catalogue, selection)).toEqual(["bad", "ahead"]);
        expect(await catalogue.checks.summariseDue(selection)).toEqual({ recordings: 2, files: 4, bytes: 40 });
        const everything = { ...selection, beforeMs: Number.MAX_SAFE_INTEGER };
        expect(await dueIds(catalogue, everything)).toEqual(["bad", "young", "now", "ahead"]);
        expect((await catalogue.checks.summariseDue(everything)).recordings).toBe(4);
      }),
    );
  });

  describe(`${name}: what a look says`, () => {
    test(
      "a look counts for its level and all that are less close",
      withCatalogue(async (catalogue) => {
        await catalogue.put([recording("a"), recording("b")]);
        await catalogue.checks.note([check("a", "ok", { level: "presence" })], []);
        await catalogue.checks.note([check("b", "ok", { level: "structure" })], []);
        const all = { presence: undefined, digest: undefined, structure: undefined, deep: undefined };
        expect((await historyOf(catalogue, "a"))?.lastCheckedAtMs).toEqual({ ...all, presence: NOW_MS });
        const upToStructure = { ...all, presence: NOW_MS, digest: NOW_MS, structure: NOW_MS };
        expect((await historyOf(catalogue, "b"))?.lastCheckedAtMs).toEqual(upToStructure);
        const dueAt = (level: DueSelection["level"]) => dueIds(catalogue, { level, beforeMs: NOW_MS });
        expect(await dueAt("presence")).toEqual([]);
        expect(await dueAt("digest")).toEqual(["a"]);
        expect(await dueAt("deep")).toEqual(["a", "b"]);
        expect((await dueOf(catalogue, { level: "digest", beforeMs: NOW_MS }))[0]?.lastCheckedAtMs).toBe(
          NOW_MS - 100 * DAY_MS,
        );
      }),
    );

    test(
      "damage stands until a look as close as the one that found it says otherwise",
      withCatalogue(async (catalogue) => {
        await catalogue.put([recording("a")]);
        const statusAfter = async (status: CheckStatus, level: RecordingCheck["level"]) => {
          await catalogue.checks.note([check("a", status, { level })], []);
          return (await historyOf(catalogue, "a"))?.status;
        };
        expect(await statusAfter("damaged", "structure")).toBe("damaged");
        expect(await statusAfter("ok", "presence")).toBe("damaged");
        expect(await statusAfter("missing", "presence")).toBe("missing");
        expect(await statusAfter("ok", "digest")).toBe("missing");
        expect(await statusAfter("ok", "structure")).toBe("ok");
        expect(await statusAfter("damaged", "presence")).toBe("damaged");
        expect(await statusAfter("ok", "deep")).toBe("ok");
      }),
    );

    test(
      "what could not be reached was not looked at: nothing that was known is changed, but that it is due",
      withCatalogue(async (catalogue) => {
        await catalogue.put([recording("ok"), recording("bad"), recording("never")]);
        const checkedAtMs = NOW_MS - DAY_MS;
        await catalogue.checks.note([check("ok", "ok", { checkedAtMs }), check("bad", "damaged", { checkedAtMs })], []);
        const unreachable = ["ok", "bad", "never"].map((id) => check(id, "unreachable", { runId: "later" }));
        await catalogue.checks.note(unreachable, []);
        expect(await historyOf(catalogue, "ok")).toMatchObject({
          ...{ status: "unreachable", checks: 1, lastRunId: "later" },
          lastCheckedAtMs: { presence: checkedAtMs, digest: checkedAtMs, structure: undefined },
        });
        expect(await historyOf(catalogue, "bad")).toMatchObject({ status: "damaged", checks: 1 });
        expect(await historyOf(catalogue, "never")).toMatchObject({ status: "unreachable", checks: 0 });
        expect((await catalogue.checks.ages("digest", NOW_MS)).neverChecked).toBe(1);
        expect(await dueIds(catalogue, { level: "presence", beforeMs: 0 })).toEqual(["ok", "bad", "never"]);
        await catalogue.checks.note([check("ok", "ok", { level: "presence" })], []);
        expect(await historyOf(catalogue, "ok")).toMatchObject({ status: "ok", checks: 2 });
      }),
    );

    test(
      "traces are kept by file, and the last stands",
      withCatalogue(async (catalogue) => {
        await catalogue.put([recording("a")]);
        const [json, mp3] = ["recordings/a.json", "recordings/a.mp3"];
        await catalogue.checks.note([check("a", "ok", { traces: { [json]: trace("1"), [mp3]: trace("2") } })], []);
        const inode = "18446744073709551615";
        await catalogue.checks.note([check("a", "damaged", { traces: { [mp3]: trace(inode) } })], []);
        await catalogue.checks.note([check("a")], []);
        expect((await dueOf(catalogue))[0]?.traces).toEqual({ [json]: trace("1"), [mp3]: trace(inode) });
      }),
    );

    test(
      "ages are counted in whole days, and what is ahead of the clock is none old",
      withCatalogue(async (catalogue) => {
        expect(await catalogue.checks.ages("digest", NOW_MS)).toEqual({
          oldestMs: undefined,
          neverChecked: 0,
          byDay: [],
        });
        await catalogue.put([recording("a", 41.5), recording("b", 41), recording("c", 3), recording("d", 3)]);
        await catalogue.checks.note([check("c"), check("d", "ok", { checkedAtMs: NOW_MS + 5 * DAY_MS })], []);
        expect(await catalogue.checks.ages("digest", NOW_MS)).toEqual({
          oldestMs: NOW_MS - 41.5 * DAY_MS,
          neverChecked: 2,
          byDay: [
            { days: 0, recordings: 2 },
            { days: 41, recordings: 2 },
          ],
        });
        expect((await catalogue.checks.ages("deep", NOW_MS)).byDay).toContainEqual({ days: 3, recordings: 2 });
      }),
    );
  });

  describe(`${name}: what put and clear leave`, () => {
    test(
      "a second put changes nothing of what is known, but the traces of files whose digest has changed",
      withCatalogue(async (catalogue) => {
        await catalogue.put([recording("a")]);
        const traces = { "recordings/a.json": trace("1"), "recordings/a.mp3": trace("2") };
        await catalogue.checks.note([check("a", "ok", { traces })], []);
        const known = await historyOf(catalogue, "a");
        await catalogue.put([recording("a")]);
        expect(await historyOf(catalogue, "a")).toEqual(known);
        expect((await dueOf(catalogue))[0]?.traces).toEqual(traces);
        await catalogue.put([recording("a", 2, sha256Of("c"))]);
        expect(await historyOf(catalogue, "a")).toEqual({ ...known, storedAtMs: NOW_MS - 2 * DAY_MS });
        expect((await dueOf(catalogue))[0]?.traces).toEqual({ "recordings/a.json": trace("1") });
      }),
    );

    test(
      "a cleared catalogue has nothing due and knows its history; what is put again goes on where it was",
      withCatalogue(async (catalogue) => {
        await catalogue.put([recording("a"), recording("b")]);
        await catalogue.checks.begin(begun("run"));
        const damaged = check("a", "damaged", { traces: { "recordings/a.json": trace("1") } });
        await catalogue.checks.note([damaged], [found("run", "a", "recordings/a.mp3")]);
        const [known, run] = [await historyOf(catalogue, "a"), await catalogue.checks.run("run")];
        expect(known?.findings).toEqual([found("run", "a", "recordings/a.mp3")]);

        await catalogue.clear();
        expect(await dueIds(catalogue)).toEqual([]);
        expect(await catalogue.checks.summariseDue(EVERYTHING)).toEqual({ recordings: 0, files: 0, bytes: 0 });
        expect(await catalogue.checks.ages("digest", NOW_MS)).toEqual({
          oldestMs: undefined,
          neverChecked: 0,
          byDay: [],
        });
        expect(await historyOf(catalogue, "a")).toEqual(known);
        expect(await catalogue.checks.run("run")).toEqual(run);

        await catalogue.put([recording("a")]);
        expect(await historyOf(catalogue, "a")).toEqual(known);
        // Whether the digest that is recorded now is the one that the trace was right for cannot be told any more.
        expect(await dueOf(catalogue)).toMatchObject([{ lastCheckedAtMs: NOW_MS, traces: {} }]);
      }),
    );
  });

  describe(`${name}: runs`, () => {
    test(
      "a run stands there from its beginning; one that was killed never ends",
      withCatalogue(async (catalogue) => {
        for (const runId of ["killed", "done", "last"]) await catalogue.checks.begin(begun(runId));
        await catalogue.checks.finish("done", ENDED);
        expect(await catalogue.checks.runs(2)).toEqual([begun("last"), { ...begun("done"), ended: ENDED }]);
        expect(await catalogue.checks.run("killed")).toEqual({ run: begun("killed"), findings: [] });
        expect(await catalogue.checks.run("unknown")).toBeUndefined();
      }),
    );

    test(
      "findings come in their order, by run and by recording",
      withCatalogue(async (catalogue) => {
        await catalogue.put([recording("a"), recording("b")]);
        for (const runId of ["one", "two"]) await catalogue.checks.begin(begun(runId));
        const first = [found("one", "b", "z"), found("one", undefined, 'stray "x"\n\u00e9'), found("one", "a", "y")];
        await catalogue.checks.note([], first);
        await catalogue.checks.note([], [found("two", "a", "x"), found("two", "a", "w")]);
        await catalogue.checks.note([], []);
        expect((await catalogue.checks.run("one"))?.findings).toEqual(first);
        const [, , y] = first;
        expect((await historyOf(catalogue, "a"))?.findings).toEqual([
          y,
          found("two", "a", "x"),
          found("two", "a", "w"),
        ]);
      }),
    );

    test(
      "of what is noted together all is kept or nothing",
      withCatalogue(async (catalogue) => {
        await catalogue.put([recording("a")]);
        const known = await historyOf(catalogue, "a");
        await expect(
          catalogue.checks.note([check("a", "damaged")], [found("never begun", "a", "x")]),
        ).rejects.toThrow();
        expect(await historyOf(catalogue, "a")).toEqual(known);
      }),
    );

    test(
      "a recording that was never looked at has an empty history, one that never was has none",
      withCatalogue(async (catalogue) => {
        await catalogue.put([recording("a", 5)]);
        await catalogue.checks.note([check("stranger")], []);
        expect(await historyOf(catalogue, "stranger")).toBeUndefined();
        expect(await historyOf(catalogue, "a")).toEqual({
          ...{ recordingId: "a", storedAtMs: NOW_MS - 5 * DAY_MS, checks: 0, findings: [] },
          lastCheckedAtMs: { presence: undefined, digest: undefined, structure: undefined, deep: undefined },
          ...{ status: undefined, lastRunId: undefined },
        });
      }),
    );
  });
}
