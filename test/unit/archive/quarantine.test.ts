import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import type { Archive } from "../../../src/archive/archive.ts";
import { parseSha256 } from "../../../src/core/digest.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { listTree } from "../../helpers/list-tree.ts";
import { openTestArchive } from "../../helpers/open-test-archive.ts";
import { readFixture, storeRecording } from "../../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

/** Puts some text into quarantine, as bytes of a recording with that digest. */
async function quarantine(archive: Archive, id: string, { text = "wrong bytes", digit = "a" } = {}) {
  const staged = archive.stage("rejected");
  await staged.write(Readable.from([Buffer.from(text)]), () => undefined);
  const sha256 = parseSha256(digit.repeat(64));
  const recordingId = parseRecordingId(id);
  const quarantinedAt = "2026-03-01T12:00:00.000Z";
  const finding = { kind: "digest-mismatch", subject: id, message: "it differs", detail: {} } as const;
  const note = { recordingId, callId: "call_1", quarantinedAt, label: "mp3", sizeBytes: text.length, sha256 };
  return archive.quarantine(staged, { ...note, findings: [finding] });
}

async function quarantinedIn(folder: string): Promise<readonly string[]> {
  return (await listTree(join(folder, "archive"))).filter(
    (path) => !/^(holdfast\.json|catalogue|ledger\/|tmp\/writer)/.test(path),
  );
}

test("bytes lie beside a note that says why, and are no recording of the archive", async () => {
  const folder = await makeTemporaryFolder();
  const archive = await openTestArchive(folder);
  await storeRecording(archive, "rec_0", await readFixture("mp3-32k-8000.mp3"));
  const key = await quarantine(archive, "rec_1");
  expect(key).toBe("quarantine/rec_1.aaaaaaaaaaaaaaaa");
  expect(await readFile(join(folder, "archive", key), "utf8")).toBe("wrong bytes");
  expect(JSON.parse(await readFile(join(folder, "archive", `${key}.json`), "utf8"))).toMatchObject({
    schema: "holdfast.quarantine/1",
    recordingId: "rec_1",
    findings: [{ kind: "digest-mismatch", message: "it differs" }],
  });
  expect(await archive.summarise()).toMatchObject({ recordings: 1 });
  for await (const { key: stray } of archive.strays()) expect.unreachable(stray);
});

test("the same bytes lie there once, and others of the same recording beside them", async () => {
  const folder = await makeTemporaryFolder();
  const archive = await openTestArchive(folder);
  for (const digit of ["a", "a", "b"]) await quarantine(archive, "rec_1", { digit });
  const names = ["rec_1.aaaaaaaaaaaaaaaa", "rec_1.bbbbbbbbbbbbbbbb"];
  expect(await quarantinedIn(folder)).toEqual(
    names.flatMap((name) => [`quarantine/${name}`, `quarantine/${name}.json`]),
  );
});

test("an id that would be another path stays in the folder", async () => {
  const folder = await makeTemporaryFolder();
  await quarantine(await openTestArchive(folder), "../../evil");
  expect(await quarantinedIn(folder)).toEqual([
    "quarantine/..%2F..%2Fevil.aaaaaaaaaaaaaaaa",
    "quarantine/..%2F..%2Fevil.aaaaaaaaaaaaaaaa.json",
  ]);
});
