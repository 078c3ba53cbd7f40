import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Archive } from "../../../src/archive/archive.ts";
import { HoldPreventsError } from "../../../src/archive/errors.ts";
import type { PendingRecord } from "../../../src/archive/pending-note.ts";
import { toTombstone, toTombstoneText } from "../../../src/archive/tombstone.ts";
import { openArchive } from "../../../src/compose.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { isThere } from "../../../src/io/is-there.ts";
import { makeSmallArchive } from "../../helpers/small-archive.ts";
import { TEST_CLOCK } from "../../helpers/test-clock.ts";
import { TEST_CUSTODIAN } from "../../helpers/test-custodian.ts";
import { makeVouchedNote } from "../../helpers/vouched-note.ts";

const ID = parseRecordingId("rec_1");
const HELD = {
  type: "held",
  subject: "CASE",
  detail: { criteria: { kind: "named", recordingIds: [ID], callIds: [] } },
} as const;
const NOTE_SQL = "INSERT INTO pending_sidecars (recording_id, key, sha256, original_sha256) VALUES (?, ?, ?, ?)";
const VOUCHED_SQL =
  "INSERT INTO pending_sidecars (recording_id, key, sha256, original_sha256, ledger_size, proof) VALUES (?, ?, ?, ?, ?, ?)";
const toSha256 = (text: string) => createHash("sha256").update(text).digest("hex");

async function open(folder: string): Promise<Archive> {
  const archive = await openArchive(folder, { clock: TEST_CLOCK, create: false, custodian: TEST_CUSTODIAN });
  onTestFinished(() => archive.close());
  return archive;
}

/** Changes the catalogue as somebody does who may write to the folder. */
function forge(folder: string, change: (catalogue: InstanceType<typeof DatabaseSync>) => void): void {
  const catalogue = new DatabaseSync(join(folder, "catalogue.sqlite"));
  change(catalogue);
  catalogue.close();
}

describe("whoever writes to the archive, and has no key,", () => {
  test("hides no lost recording behind a note of an unfinished store", async () => {
    const { folder } = await makeSmallArchive();
    const archive = await open(folder);
    const { key, sidecar } = await archive.findCatalogued(ID);
    const text = await readFile(join(folder, key), "utf8");
    await archive.close();
    forge(folder, (catalogue) => {
      for (const table of ["files", "checks", "recordings"]) {
        catalogue.prepare(`DELETE FROM ${table} WHERE recording_id = ?`).run(ID);
      }
      catalogue.prepare(NOTE_SQL).run(ID, key, toSha256(text), sidecar.original.sha256);
    });
    await rm(join(folder, key));
    const { findings } = await (await open(folder)).checkLedger();
    expect(findings).toMatchObject([{ kind: "missing", subject: ID }]);
  });

  test("has no changed recording adopted by taking the ledger out of the marker", async () => {
    const { folder } = await makeSmallArchive();
    const archive = await open(folder);
    const { key } = await archive.findCatalogued(ID);
    await archive.close();
    const text = (await readFile(join(folder, key), "utf8")).replace("call_1", "call_2");
    await writeFile(join(folder, key), text);
    const row = [toSha256(text), key];
    forge(folder, (catalogue) => catalogue.prepare("UPDATE files SET sha256 = ? WHERE key = ?").run(...row));
    const { ledger: _, ...marker } = JSON.parse(await readFile(join(folder, "holdfast.json"), "utf8"));
    await writeFile(join(folder, "holdfast.json"), JSON.stringify(marker));
    const { findings } = await (await open(folder)).checkLedger();
    expect(findings).toMatchObject([{ kind: "digest-mismatch", subject: ID }]);
  });

  test("gets no held recording removed by a note of an unfinished removal", async () => {
    const { folder } = await makeSmallArchive();
    const archive = await open(folder);
    await archive.record([HELD]);
    const located = await archive.findCatalogued(ID);
    await archive.close();
    const removal = { removedAt: "2026-01-01T00:00:00.000Z", removedBy: "ada@lovelace", reason: "none" };
    const text = toTombstoneText(toTombstone(located, removal));
    await writeFile(join(folder, located.key), text);
    const { sha256, file } = located.sidecar.original;
    forge(folder, (catalogue) => catalogue.prepare(NOTE_SQL).run(ID, located.key, toSha256(text), sha256));
    const opened = await open(folder);
    expect(await isThere(join(folder, located.key, "..", file))).toBe(true);
    await expect(opened.findCatalogued(ID)).rejects.toThrow("not the one that was written");
    for await (const event of opened.ledger.find(["removed"])) expect.fail(JSON.stringify(event));
  });

  test("frees no held recording by hiding the hold while the holds are read", async () => {
    const { folder, ledger } = await makeSmallArchive();
    const archive = await open(folder);
    await archive.record([HELD]);
    await archive.close();
    const opened = await open(folder);
    const events = await readFile(join(ledger, "events.ndjson"), "utf8");
    await writeFile(join(ledger, "events.ndjson"), events.replace('"type":"held"', '"type":"hexd"'));
    expect((await opened.holds()).holds).toEqual([]);
    await writeFile(join(ledger, "events.ndjson"), events);
    await expect(opened.assertFree(ID, "remove")).rejects.toThrow(HoldPreventsError);
  });

  test("gets no changed sidecar settled by a note of an unfinished store", async () => {
    const { folder } = await makeSmallArchive();
    const archive = await open(folder);
    const { key, sidecar } = await archive.findCatalogued(ID);
    await archive.close();
    const text = (await readFile(join(folder, key), "utf8")).replace("call_1", "call_2");
    await writeFile(join(folder, key), text);
    const note = [ID, key, toSha256(text), sidecar.original.sha256];
    forge(folder, (catalogue) => catalogue.prepare(NOTE_SQL).run(...note));
    const opened = await open(folder);
    await expect(opened.findCatalogued(ID)).rejects.toThrow("not the one that was written");
    for await (const event of opened.ledger.find(["settled"])) expect.fail(JSON.stringify(event));
  });

  test("puts no older sidecar back with the note that was once made of it", async () => {
    const { folder } = await makeSmallArchive();
    const archive = await open(folder);
    const located = await archive.findCatalogued(ID);
    const [older, { key, sidecar }] = [await readFile(join(folder, located.key), "utf8"), located];
    await archive.close();
    const record = { recordingId: ID, key, sha256: toSha256(older), originalSha256: sidecar.original.sha256 };
    const note = await makeVouchedNote(folder, { ...record, isKeyInSidecar: false } as PendingRecord);
    const second = await open(folder);
    await second.storeEvidence(located, { grade: "none", reads: 2 });
    await second.close();
    await writeFile(join(folder, key), older);
    const row = [ID, key, note.sha256, note.originalSha256, note.ledgerSize, note.proof];
    forge(folder, (catalogue) => catalogue.prepare(VOUCHED_SQL).run(...row));
    const opened = await open(folder);
    await expect(opened.findCatalogued(ID)).rejects.toThrow("not the one that was written");
    for await (const event of opened.ledger.find(["settled"])) expect.fail(JSON.stringify(event));
  });

  test.each([
    ["another call", "call_id = 'call_x'", { kind: "named", recordingIds: [], callIds: ["call_1"] }],
    ["another day", "created_at_ms = 0", { kind: "matching", sinceMs: Date.parse("2024-01-01") }],
  ])("frees no held recording by giving it %s in the catalogue", async (_, change, criteria) => {
    const { folder } = await makeSmallArchive();
    const archive = await open(folder);
    await archive.record([{ type: "held", subject: "CASE", detail: { criteria } }]);
    const located = await archive.findCatalogued(ID);
    await archive.close();
    forge(folder, (catalogue) => catalogue.exec(`UPDATE recordings SET ${change} WHERE recording_id = '${ID}'`));
    const removed = (await open(folder)).remove(located, { removedBy: "ada", reason: "none" });
    await expect(removed).rejects.toThrow(HoldPreventsError);
  });

  test("has no recording removed that the catalogue was made to forget or to change", async () => {
    const { folder } = await makeSmallArchive();
    const archive = await open(folder);
    await archive.close();
    forge(folder, (catalogue) =>
      catalogue.exec(`UPDATE files SET sha256 = '${"0".repeat(64)}' WHERE role = 'sidecar'`),
    );
    await expect((await open(folder)).assertFree(ID, "purge")).rejects.toMatchObject({ code: "LEDGER_BROKEN" });
  });
});
