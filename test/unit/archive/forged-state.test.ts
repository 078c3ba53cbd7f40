import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Archive } from "../../../src/archive/archive.ts";
import { HoldPreventsError } from "../../../src/archive/errors.ts";
import { toTombstone, toTombstoneText } from "../../../src/archive/tombstone.ts";
import { openArchive } from "../../../src/compose.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { isThere } from "../../../src/io/is-there.ts";
import { makeSmallArchive } from "../../helpers/small-archive.ts";
import { TEST_CLOCK } from "../../helpers/test-clock.ts";
import { TEST_CUSTODIAN } from "../../helpers/test-custodian.ts";

const ID = parseRecordingId("rec_1");
const HELD = {
  type: "held",
  subject: "CASE",
  detail: { criteria: { kind: "named", recordingIds: [ID], callIds: [] } },
} as const;
const NOTE_SQL = "INSERT INTO pending_sidecars (recording_id, key, sha256, original_sha256) VALUES (?, ?, ?, ?)";
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
});
