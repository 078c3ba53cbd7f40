import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { Archive, type Ledger } from "../../../src/archive/archive.ts";
import { SqliteCatalogue } from "../../../src/catalogue/sqlite/sqlite-catalogue.ts";
import type { LedgerEntry } from "../../../src/core/ledger-event.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import type { StorageKey } from "../../../src/core/storage-key.ts";
import { StorageUnavailableError } from "../../../src/io/errors.ts";
import { FsStorage } from "../../../src/storage/fs/fs-storage.ts";
import type { StagedObject } from "../../../src/storage/storage.ts";
import { TEST_CLOCK } from "../../helpers/open-test-archive.ts";
import { readFixture, storeRecording } from "../../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { toOpenTestLedger } from "../../helpers/test-custodian.ts";
import { openTestLooker, verifyTestArchive } from "../../helpers/verify-archive.ts";

const FOLDER = "recordings/2024/01/15";
const ID = parseRecordingId("rec_1");
const REMOVAL = { removedBy: "ada@lovelace", reason: 'retention rule "test": named in its list' };
const looker = openTestLooker();
afterAll(() => looker.close());
let bytes: Buffer;
beforeAll(async () => {
  bytes = await readFixture("mp3-32k-8000.mp3");
});

/** Lets so many steps happen, and none after them: as if the process had been killed, or the disk had gone. */
class Life {
  #left = Number.POSITIVE_INFINITY;

  endAfter(steps: number): void {
    this.#left = steps;
  }

  step(): void {
    this.#left -= 1;
    if (this.#left < 0) throw new StorageUnavailableError("the disk is gone");
  }
}

/** The real storage, of which each file that is given a name or removed is a step. */
class MortalStorage extends FsStorage {
  readonly #life: Life;

  constructor(root: string, life: Life) {
    super(root);
    this.#life = life;
  }

  override stage(name: string): StagedObject {
    const staged = super.stage(name);
    const commit: StagedObject["commit"] = async (key, options) => {
      this.#life.step();
      await staged.commit(key, options);
    };
    return { ...staged, commit };
  }

  override async remove(keys: readonly StorageKey[]): Promise<void> {
    for (const key of keys) {
      this.#life.step();
      await super.remove([key]);
    }
  }
}

/** The real parts of an archive, whose writes are steps of one life. */
async function openMortalArchive(root: string, life = new Life()) {
  const catalogue = await SqliteCatalogue.open({
    path: join(root, "catalogue.sqlite"),
    lockPath: join(root, "tmp", "writer.lock"),
  });
  const { intend, put } = catalogue;
  Object.assign(catalogue, {
    intend: async (notes: Parameters<typeof intend>[0]) => {
      life.step();
      await intend.call(catalogue, notes);
    },
    put: async (rows: Parameters<typeof put>[0]) => {
      life.step();
      await put.call(catalogue, rows);
    },
  });
  let ledger: Ledger | undefined;
  const openLedger: ReturnType<typeof toOpenTestLedger> = async (archiveId, options) => {
    ledger = await toOpenTestLedger(root)(archiveId, options);
    const { append } = ledger;
    const inner = ledger;
    return Object.assign(ledger, {
      append: async (events: Parameters<typeof append>[0]) => {
        life.step();
        return append.call(inner, events);
      },
    });
  };
  const storage = new MortalStorage(root, life);
  const archive = await Archive.open({ storage, catalogue, openLedger, clock: TEST_CLOCK }, { create: true });
  /** Ends as a killed process does: nothing is signed. */
  const kill = async () => {
    await ledger?.close();
    await catalogue.close();
  };
  return { archive, kill };
}

async function openAgain(root: string): Promise<Archive> {
  const { archive } = await openMortalArchive(root);
  onTestFinished(() => archive.close());
  return archive;
}

async function findRemoved(archive: Archive): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for await (const entry of archive.ledger.find(["removed"])) entries.push(entry);
  return entries;
}

/** Begins to remove a recording, lets so many steps happen, ends, and tells what the next opening makes of it. */
async function removeInSteps(steps: number, end: "killed" | "closed") {
  const root = await makeTemporaryFolder();
  const life = new Life();
  const { archive, kill } = await openMortalArchive(root, life);
  const located = await storeRecording(archive, "rec_1", bytes);
  life.endAfter(steps);
  const error: unknown = await archive.remove(located, REMOVAL).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  life.endAfter(Number.POSITIVE_INFINITY);
  await (end === "killed" ? kill() : archive.close());
  const reopened = await openAgain(root);
  const names = (await readdir(join(root, FOLDER))).toSorted();
  const { outcome, findings } = await verifyTestArchive(reopened, { looker });
  const events = (await findRemoved(reopened)).length;
  const { isRemoved } = await reopened.lookUp({ recordingId: ID, createdAtMs: 0 });
  return { failed: error !== undefined, found: { names, outcome, findings, events, isRemoved } };
}

const WHOLE = { names: ["rec_1.json", "rec_1.mp3"], outcome: "ok", findings: [], events: 0, isRemoved: false };
const REMOVED = { names: ["rec_1.json"], outcome: "ok", findings: [], events: 1, isRemoved: true };

describe("whatever a removal was cut short at, the next opening leaves the recording whole or finishes it", () => {
  // Note, tombstone, audio, event, row: from the tombstone on there is no way back.
  const STEPS = [WHOLE, WHOLE, REMOVED, REMOVED, REMOVED, REMOVED];
  test.each(STEPS.map((expected, steps) => [steps, expected] as const))(
    "killed after step %i",
    async (steps, expected) => {
      expect(await removeInSteps(steps, "killed")).toEqual({ failed: steps < 5, found: expected });
    },
  );

  test.each([
    ["gets no tombstone", 1, WHOLE],
    ["has been told of", 4, REMOVED],
  ] as const)("also when it fails, and the ledger is signed: one that %s", async (_, steps, expected) => {
    expect(await removeInSteps(steps, "closed")).toEqual({ failed: true, found: expected });
  });
});

describe("a recording that was removed", () => {
  async function removeOne() {
    const root = await makeTemporaryFolder();
    const archive = await openAgain(root);
    const located = await storeRecording(archive, "rec_1", bytes);
    await archive.remove(located, REMOVAL);
    return { root, archive, located };
  }

  test("leaves a tombstone that tells what it was, and an event that names both", async () => {
    const { root, archive, located } = await removeOne();
    const { original } = located.sidecar;
    const tombstone = JSON.parse(await readFile(join(root, located.key), "utf8"));
    expect(tombstone).toMatchObject({ recordingId: ID, ...REMOVAL, original: { sha256: original.sha256 } });
    const files = (await archive.catalogued(ID))?.files ?? [];
    expect(files.map(({ role }) => role)).toEqual(["tombstone"]);
    const [event] = await findRemoved(archive);
    expect(event).toMatchObject({ subject: ID, actor: "ada@lovelace" });
    expect(event?.digests).toEqual({ original: original.sha256, sidecar: files[0]?.sha256 });
    await expect(archive.findCatalogued(ID)).rejects.toMatchObject({ code: "RECORDING_REMOVED" });
  });

  test("stays removed when the catalogue is made anew", async () => {
    const { archive } = await removeOne();
    expect(await archive.reindex()).toEqual({ indexed: 1, invalid: [] });
    expect(await archive.lookUp({ recordingId: ID, createdAtMs: 0 })).toMatchObject({ isRemoved: true });
    expect((await verifyTestArchive(archive, { looker })).findings.map(({ subject }) => subject)).toEqual([
      expect.stringContaining("catalogue.sqlite"),
    ]);
  });

  test("stays removed when its tombstone is taken away, which verify tells of", async () => {
    const { root, archive, located } = await removeOne();
    await rm(join(root, located.key));
    expect(await archive.lookUp({ recordingId: ID, createdAtMs: 0 })).toMatchObject({
      isRemoved: true,
      orphan: undefined,
    });
    const { findings } = await verifyTestArchive(archive, { looker });
    expect(findings.map(({ kind, subject }) => [kind, subject])).toEqual([["missing", archive.toPath(located.key)]]);
  });

  test("has its tombstone verified at every level", async () => {
    const { root, archive, located } = await removeOne();
    const { outcome, results } = await verifyTestArchive(archive, { level: "structure", looker });
    expect([outcome, results.map(({ path, status }) => [path, status])]).toEqual([
      "ok",
      [[archive.toPath(located.key), "ok"]],
    ]);
    const text = await readFile(join(root, located.key), "utf8");
    await writeFile(join(root, located.key), text.replace("ada@lovelace", "eve@lovelace"));
    const { findings } = await verifyTestArchive(archive, { level: "structure", looker });
    expect(findings.map(({ kind, subject }) => [kind, subject])).toEqual([
      ["digest-mismatch", archive.toPath(located.key)],
    ]);
  });
});
