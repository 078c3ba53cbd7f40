import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { Kysely, Migrator } from "kysely";
import { expect, test } from "vitest";
import { recordingsAndFiles } from "../../../src/catalogue/migrations/0001-recordings-and-files.ts";
import { SqliteCatalogue } from "../../../src/catalogue/sqlite/sqlite-catalogue.ts";
import { toSqliteDialect } from "../../../src/catalogue/sqlite/sqlite-dialect.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { describeChecks } from "../../contract/checks.contract.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const open = (folder: string) =>
  SqliteCatalogue.open({ path: join(folder, "catalogue.sqlite"), lockPath: join(folder, "tmp", "writer.lock") });

describeChecks("SqliteCatalogue", async () => open(await makeTemporaryFolder()));

/** Makes the file as the first version left it. */
async function makeFirstVersion(folder: string): Promise<void> {
  const database = new DatabaseSync(join(folder, "catalogue.sqlite"));
  const db = new Kysely({ dialect: toSqliteDialect(database) });
  const provider = { getMigrations: async () => ({ "0001-recordings-and-files": recordingsAndFiles }) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  expect(error).toBeUndefined();
  database.exec(`
    INSERT INTO recordings VALUES ('old', 'call', 1000), ('older', 'call', 900), ('empty', 'call', 2000);
    INSERT INTO files VALUES ('recordings/old.json', 'old', 'sidecar', 5, '${"a".repeat(64)}'),
      ('recordings/old.mp3', 'old', 'original', 7, '${"b".repeat(64)}'),
      ('recordings/older.json', 'older', 'sidecar', 1, '${"c".repeat(64)}');
    PRAGMA user_version = 1`);
  await db.destroy();
}

async function dueOf({ checks }: SqliteCatalogue): Promise<unknown[]> {
  const due: unknown[] = [];
  for await (const { recording, lastCheckedAtMs } of checks.due({ level: "digest", beforeMs: 1500 })) {
    due.push([recording.recordingId, recording.files.length, recording.storedAtMs, lastCheckedAtMs]);
  }
  return due;
}

test("a catalogue of the first version counts its recordings from their creation", async () => {
  const folder = await makeTemporaryFolder();
  await makeFirstVersion(folder);
  const catalogue = await open(folder);
  expect(await catalogue.state()).toBe("complete");
  expect(await catalogue.summarise()).toEqual({ recordings: 3, files: 3, bytes: 13 });
  expect(await dueOf(catalogue)).toEqual([
    ["older", 1, 900, 900],
    ["old", 2, 1000, 1000],
  ]);
  expect((await catalogue.checks.ages("deep", 2000)).neverChecked).toBe(3);
  await catalogue.close();
});

test("a migration that was cut short is made again and loses nothing", async () => {
  const folder = await makeTemporaryFolder();
  await makeFirstVersion(folder);
  const first = await open(folder);
  const recordingId = parseRecordingId("old");
  const look = { recordingId, runId: "run", level: "digest", status: "ok", checkedAtMs: 9, traces: {} } as const;
  await first.checks.note([look], []);
  const known = await first.checks.history(recordingId);
  await first.close();

  const database = new DatabaseSync(join(folder, "catalogue.sqlite"));
  database.exec(`
    DELETE FROM kysely_migration WHERE name >= '0002-checks';
    DROP INDEX checks_by_deep;
    ALTER TABLE recordings DROP COLUMN call_direction;
    DELETE FROM checks WHERE recording_id = 'older'`);
  database.close();
  const catalogue = await open(folder);
  expect(await catalogue.checks.history(recordingId)).toEqual(known);
  expect(await dueOf(catalogue)).toEqual([
    ["old", 2, 1000, 9],
    ["older", 1, 900, 900],
  ]);
  await catalogue.close();
});
