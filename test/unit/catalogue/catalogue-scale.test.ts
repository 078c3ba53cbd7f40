import { join } from "node:path";
import { expect, test } from "vitest";
import { SqliteCatalogue } from "../../../src/catalogue/sqlite/sqlite-catalogue.ts";
import type { DueRecording, RecordingCheck } from "../../../src/core/verification.ts";
import { fillCatalogue } from "../../helpers/fill-catalogue.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

// With SCALE=1, a million recordings, and what takes how long is printed; it takes two minutes.
const isWhole = process.env["SCALE"] === "1";
const RECORDINGS = isWhole ? 1_000_000 : 5_000;
const LOOKED_AT = RECORDINGS / 10;
const NOW_MS = 1_750_000_000_000;
const DAY_MS = 86_400_000;

const open = (folder: string) =>
  SqliteCatalogue.open({ path: join(folder, "catalogue.sqlite"), lockPath: join(folder, "tmp", "writer.lock") });

function toCheck({ recording: { recordingId, files } }: DueRecording): RecordingCheck {
  const trace = { sizeBytes: 4096, inode: "1234567", modifiedNs: "1750000000123456789" };
  const traces = Object.fromEntries(files.map(({ key }) => [key, trace]));
  return { recordingId, runId: "run", level: "digest", status: "ok", checkedAtMs: NOW_MS, traces };
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const begunMs = performance.now();
  const result = await work();
  const elapsedMs = Math.round(performance.now() - begunMs);
  if (isWhole)
    process.stdout.write(`${what}: ${elapsedMs} ms, ${Math.round(process.memoryUsage.rss() / 1e6)} MB RSS\n`);
  return result;
}

async function take<T>(count: number, items: AsyncIterable<T>): Promise<readonly T[]> {
  const taken: T[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}

test(`${RECORDINGS} recordings are summed up, given and noted`, { timeout: 600_000 }, async () => {
  const folder = await makeTemporaryFolder();
  await (await open(folder)).close();
  fillCatalogue(join(folder, "catalogue.sqlite"), { recordings: RECORDINGS, nowMs: NOW_MS });
  const catalogue = await timed("open", () => open(folder));
  const { checks } = catalogue;
  const everything = { level: "digest", beforeMs: NOW_MS } as const;
  const all = { recordings: RECORDINGS, files: 2 * RECORDINGS, bytes: 5596 * RECORDINGS };

  expect(await timed("summariseDue", () => checks.summariseDue(everything))).toEqual(all);
  expect(await timed("summarise", () => catalogue.summarise())).toEqual(all);
  const ages = await timed("ages", () => checks.ages("digest", NOW_MS));
  expect(ages).toMatchObject({ oldestMs: NOW_MS - 365 * DAY_MS, neverChecked: RECORDINGS });
  await timed("first due", () => take(1, checks.due(everything)));

  const due = await timed(`${LOOKED_AT} due`, () => take(LOOKED_AT, checks.due(everything)));
  await checks.begin({ runId: "run", level: "digest", startedAtMs: 0, request: "", toolVersion: "", ended: undefined });
  const noted = due.map(toCheck);
  await timed(`${LOOKED_AT} noted`, async () => {
    for (let at = 0; at < noted.length; at += 1000) await checks.note(noted.slice(at, at + 1000), []);
  });
  await timed(`${LOOKED_AT} noted again`, async () => {
    for (let at = 0; at < noted.length; at += 1000) await checks.note(noted.slice(at, at + 1000), []);
  });
  const left = await timed("summariseDue", () => checks.summariseDue(everything));
  expect(left.recordings).toBe(RECORDINGS - LOOKED_AT);
  expect((await checks.ages("digest", NOW_MS)).neverChecked).toBe(RECORDINGS - LOOKED_AT);

  const keys = due.flatMap(({ recording }) => recording.files.map(({ key }) => key));
  const unknown = await timed(`unknownAmong ${keys.length}`, () => catalogue.unknownAmong(keys));
  expect(unknown).toEqual([]);
  let rest = 0;
  await timed("all that is left", async () => {
    for await (const each of checks.due(everything)) rest += each.recording.files.length;
  });
  expect(rest).toBe(2 * left.recordings);
  await timed("clear", () => catalogue.clear());
  await catalogue.close();
});
