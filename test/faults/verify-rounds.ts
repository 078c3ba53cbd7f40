import { createHash } from "node:crypto";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { Archive } from "../../src/archive/archive.ts";
import { toSiblingKey } from "../../src/archive/sidecar.ts";
import { openArchive } from "../../src/compose.ts";
import { parseRecordingId } from "../../src/core/recording-id.ts";
import type { RecordingCheck } from "../../src/core/verification.ts";
import { makeWav, tone } from "../helpers/make-wav.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { storeRecording } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { TEST_CUSTODIAN } from "../helpers/test-custodian.ts";
import { killAfter } from "./crash-rounds.ts";

/** Stored long enough ago that all is due, in runs that take what was not looked at for a day. */
const STORED = { now: () => Date.parse("2026-03-01T12:00:00Z") };
const NOW = { now: () => Date.now() };
const ROLLING = ["verify", "--max-age", "1d", "--json"];

/**
 * An archive in which every original differs from its record in one bit, so that whoever tells the digest that is there must have
 * read it, and whoever says `ok` has not.
 */
export interface HarmedArchive {
  readonly cwd: string;
  /** The digest of what is there, by recording. */
  readonly digests: ReadonlyMap<string, string>;
  readonly totalBytes: number;
  /** What is read of a recording: what differs is read twice. */
  readonly bytesEach: number;
}

/** Stores tones, no two alike, and harms them. */
export async function openHarmed(recordings: number): Promise<HarmedArchive> {
  const cwd = await makeTemporaryFolder();
  const archive = await openArchive(join(cwd, "archive"), { clock: STORED, create: true, custodian: TEST_CUSTODIAN });
  const ids = Array.from({ length: recordings }, (_, index) => `rec_${index}`);
  const bytes = ids.map((_, index) => makeWav([tone(4000, 100 + index)]));
  const stored = await Promise.all(
    ids.map((id, index) => storeRecording(archive, id, bytes[index] ?? Buffer.alloc(0))),
  );
  const digests = new Map<string, string>();
  for (const [index, { key, sidecar }] of stored.entries()) {
    const harmed = bytes[index] ?? Buffer.alloc(0);
    harmed.writeUInt8(harmed.readUInt8(5000) ^ 1, 5000);
    await writeFile(archive.toPath(toSiblingKey(key, sidecar.original.file)), harmed);
    digests.set(sidecar.recordingId, createHash("sha256").update(harmed).digest("hex"));
  }
  const { bytes: totalBytes } = await archive.summarise();
  await archive.close();
  return { cwd, digests, totalBytes, bytesEach: totalBytes / recordings + (bytes[0]?.length ?? 0) };
}

/** Begins a rolling run, and kills it some time after it has noted that it begins. */
export async function killRolling({ cwd }: HarmedArchive, maxBytesPerSecond: number, delayMs: number): Promise<void> {
  const journal = join(cwd, "archive/catalogue.sqlite-wal");
  let noted: number | undefined;
  const begunAt = Date.now();
  const isAtWork = () => {
    void stat(journal).then(
      ({ mtimeMs, size }) => {
        noted = size > 0 && mtimeMs >= begunAt ? mtimeMs : undefined;
      },
      () => undefined,
    );
    return noted !== undefined;
  };
  await killAfter([...ROLLING, "--max-bytes-per-second", String(maxBytesPerSecond)], { cwd, isAtWork }, delayMs);
}

/**
 * Gives the recordings that are counted as looked at, each with one look and the digest that is there; none is counted without.
 * Then says of them that somebody has restored them, so that the next run goes on with the others.
 *
 * @param known - Those that an earlier call gave.
 */
export async function settleCounted(
  { cwd, digests }: HarmedArchive,
  known: ReadonlySet<string>,
): Promise<readonly string[]> {
  const archive = await openArchive(join(cwd, "archive"), { clock: NOW, create: false, custodian: TEST_CUSTODIAN });
  try {
    const restored: RecordingCheck[] = [];
    for (const [id, sha256] of digests) {
      const check = await toRestored(archive, { id, sha256, isKnown: known.has(id) });
      if (check !== undefined && !known.has(id)) restored.push(check);
    }
    await archive.checks.note(restored, []);
    return restored.map(({ recordingId }) => recordingId);
  } finally {
    await archive.close();
  }
}

async function toRestored(
  { checks }: Archive,
  { id, sha256, isKnown }: { readonly id: string; readonly sha256: string; readonly isKnown: boolean },
): Promise<RecordingCheck | undefined> {
  const recordingId = parseRecordingId(id);
  const history = await checks.history(recordingId);
  expect(history, id).toBeDefined();
  const found = history?.findings.map(({ finding: { kind, detail } }) => [kind, detail["found"]]);
  const { checks: looks = 0, lastRunId } = history ?? {};
  if (looks === 0 || lastRunId === undefined) {
    expect([id, looks, found]).toEqual([id, 0, []]);
    return undefined;
  }
  expect([id, found]).toEqual([id, [["digest-mismatch", sha256]]]);
  expect([id, looks, history?.status]).toEqual(isKnown ? [id, 2, "ok"] : [id, 1, "damaged"]);
  return { recordingId, runId: lastRunId, level: "digest", status: "ok", checkedAtMs: NOW.now(), traces: {} };
}

/** A run that is let in peace looks at all that were not counted, and at nothing else. */
export async function expectRest({ cwd, digests }: HarmedArchive, known: ReadonlySet<string>): Promise<void> {
  const { code, stdout } = await runHoldfast(ROLLING, { cwd });
  const { counts, results } = JSON.parse(stdout);
  const rest = [...digests.keys()].filter((id) => !known.has(id));
  const read = results.map(({ path }: { path: string }) => path.replace(/^.*\/|\.\w+$/g, ""));
  expect(read.toSorted()).toEqual([...rest, ...rest].toSorted());
  expect([code, counts.planned, counts.done]).toEqual([rest.length === 0 ? 0 : 4, 2 * rest.length, 2 * rest.length]);
}
