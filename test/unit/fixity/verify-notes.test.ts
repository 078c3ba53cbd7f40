import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { toArchiveMend } from "../../../src/fixity/archive-mend.ts";
import type { Decode } from "../../../src/fixity/deep/decoding.ts";
import { FolderHealSource } from "../../../src/fixity/heal/folder-heal-source.ts";
import type { Holding } from "../../../src/fixity/holding.ts";
import type { Looker } from "../../../src/fixity/look/look.ts";
import type { Mend } from "../../../src/fixity/verify-run.ts";
import { runVerify } from "../../../src/fixity/verify-run.ts";
import { StorageFullError } from "../../../src/io/errors.ts";
import { BY, type HealRig, makeHealRig } from "../../helpers/heal-rig.ts";
import { TEST_CLOCK } from "../../helpers/open-test-archive.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { openTestLooker, verifyTestArchive } from "../../helpers/verify-archive.ts";

const ID = parseRecordingId("rec_1");

async function findLastRun({ archive: { checks } }: HealRig) {
  const [last] = await checks.runs(1);
  return checks.run(last?.runId ?? "");
}

/** A record of one file of one byte. */
function makeHolding(path: string): Holding {
  return {
    ...{ noun: "archive", location: "archive", findings: [], remarks: [], planned: { files: 1, bytes: 1 } },
    async *units() {
      yield { subject: "rec_1", files: [{ path, sizeBytes: 1, digests: [{ algorithm: "sha256", hex: "00" }] }] };
    },
    isReachable: async () => true,
  };
}

test("what could not be decoded does not count as looked at so deep", async () => {
  const { archive } = await makeHealRig();
  const decode: Decode = async (requests) =>
    requests.map(() => ({ kind: "undecodable", reason: "it lacks a decoder" }));
  const report = await verifyTestArchive(archive, { level: "deep", decode });
  expect(report).toMatchObject({
    outcome: "failed",
    counts: { failed: 2 },
    results: [{ status: "ok" }, { status: "ok" }],
  });
  expect((await archive.checks.history(ID))?.lastCheckedAtMs).toMatchObject({
    structure: TEST_CLOCK.now(),
    deep: undefined,
  });
});

test("a run keeps what it found beside the recordings, and what was mended from where", async () => {
  const rig = await makeHealRig();
  const original = await rig.file("original");
  await rm(rig.pathOf(original));
  await writeFile(join(rig.folder, "archive", "recordings", "stray"), "who am I");
  const mend = toArchiveMend(rig.archive, { source: new FolderHealSource(rig.copy), ...BY });
  await verifyTestArchive(rig.archive, { mend });
  const found = (await findLastRun(rig))?.findings.map(({ recordingId, finding }) => [recordingId, finding.kind]);
  expect(found).toEqual([
    [ID, "missing"],
    [undefined, "unexpected"],
    [ID, "missing"],
  ]);
  const history = await rig.archive.checks.history(ID);
  expect(history).toMatchObject({ status: "ok", checks: 2 });
  expect(history?.findings.at(-1)?.finding).toMatchObject({
    message: expect.stringContaining("by ada on lovelace"),
    detail: { healedFrom: join(rig.copy, original.key) },
  });
});

test("a run that is cancelled while it mends tells all that it found, and what was mended", async () => {
  const rig = await makeHealRig();
  const files = [await rig.file("original"), await rig.file("sidecar")];
  for (const file of files) await rm(rig.pathOf(file));
  const cancelling = new AbortController();
  const heal = toArchiveMend(rig.archive, { source: new FolderHealSource(rig.copy), ...BY });
  let begun = 0;
  const mend: Mend = async (suspect) => {
    if (++begun === 1) return heal(suspect);
    cancelling.abort(new Error("enough"));
    throw cancelling.signal.reason;
  };
  const report = await verifyTestArchive(rig.archive, { mend, signal: cancelling.signal });
  expect(report).toMatchObject({ outcome: "cancelled", mended: 1 });
  expect(report.findings.map(({ kind, detail }) => [kind, detail.healedFrom !== undefined])).toEqual([
    ["missing", true],
    ["missing", false],
  ]);
  expect((await findLastRun(rig))?.run.ended).toMatchObject({ outcome: "cancelled" });
});

test("what cannot be read is given to be mended, for its disk may never give it again", async () => {
  const path = join(await makeTemporaryFolder(), "bad-sector");
  const looker: Looker = {
    readers: 1,
    look: async (requests) => requests.map(() => ({ kind: "unreadable", reason: "EIO" })),
    close: async () => {},
  };
  const holding = makeHolding(path);
  const mend: Mend = async ({ finding }) => ({ finding: { ...finding, message: "mended" }, isMended: true });
  const report = await runVerify(holding, { level: "digest", looker, clock: TEST_CLOCK, mend });
  expect(report).toMatchObject({ mended: 1, tally: { unreachable: 1 } });
  expect(report.findings).toMatchObject([{ kind: "unreadable", subject: path, message: "mended" }]);
});

test("what was found is told where there is no room to note it", async () => {
  const looker = openTestLooker();
  onTestFinished(() => looker.close());
  const path = join(await makeTemporaryFolder(), "gone");
  const holding: Holding = {
    ...makeHolding(path),
    note: async () => {
      throw new StorageFullError("no space left for the catalogue");
    },
  };
  const report = await runVerify(holding, { level: "digest", looker, clock: TEST_CLOCK });
  expect(report).toMatchObject({ outcome: "findings", results: [{ path, status: "missing" }] });
  expect(report.findings).toMatchObject([{ kind: "missing", subject: path }]);
  expect(report.failures).toMatchObject([{ code: "STORAGE_FULL" }]);
});
