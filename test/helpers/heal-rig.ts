import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Archive } from "../../src/archive/archive.ts";
import { SqliteCatalogue } from "../../src/catalogue/sqlite/sqlite-catalogue.ts";
import type { ArchivedFile, FileRole } from "../../src/core/archived-file.ts";
import { parseRecordingId } from "../../src/core/recording-id.ts";
import type { StorageKey } from "../../src/core/storage-key.ts";
import { FsStorage } from "../../src/storage/fs/fs-storage.ts";
import { listTree } from "./list-tree.ts";
import { TEST_CLOCK } from "./open-test-archive.ts";
import { readFixture, storeRecording } from "./store-recording.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";
import { toOpenTestLedger } from "./test-custodian.ts";

/** Who heals in tests. */
export const OPERATOR = { user: "ada", host: "lovelace" };

/** Options of every healing in tests. */
export const BY = { by: OPERATOR, clock: TEST_CLOCK };

/** An archive with one recording, `rec_1`, and a copy of its files in a folder of the same layout. */
export interface HealRig {
  readonly folder: string;
  readonly archive: Archive;
  /** A folder that holds `recordings/`. */
  readonly copy: string;
  file(role: FileRole): Promise<ArchivedFile>;
  pathOf(file: { readonly key: StorageKey }): string;
  /** The text of an archive's file, byte for byte. */
  read(key: string): Promise<Buffer>;
  /** All that lies in the archive but the catalogue, the ledger and the marker. */
  tree(): Promise<readonly string[]>;
}

/** @param makeStorage - Gives a storage that fails in its own way. @default the real one */
export async function makeHealRig(makeStorage = (root: string) => new FsStorage(root)): Promise<HealRig> {
  const folder = await makeTemporaryFolder();
  const [root, copy] = [join(folder, "archive"), join(folder, "copy")];
  const catalogue = await SqliteCatalogue.open({
    path: join(root, "catalogue.sqlite"),
    lockPath: join(root, "tmp", "writer.lock"),
  });
  const archive = await Archive.open(
    { storage: makeStorage(root), catalogue, openLedger: toOpenTestLedger(root), clock: TEST_CLOCK },
    { create: true },
  );
  onTestFinished(() => archive.close());
  await storeRecording(archive, "rec_1", await readFixture("mp3-32k-8000.mp3"));
  await cp(join(root, "recordings"), join(copy, "recordings"), { recursive: true });
  const file = async (role: FileRole) => {
    const known = await archive.catalogued(parseRecordingId("rec_1"));
    const found = known?.files.find((candidate) => candidate.role === role);
    if (found === undefined) throw new Error(`no ${role}`);
    return found;
  };
  const tree = async () =>
    (await listTree(root)).filter((path) => !/^(holdfast\.json|catalogue|ledger\/|tmp\/writer)/.test(path));
  const read = (key: string) => readFile(join(root, key));
  return { folder, archive, copy, file, pathOf: ({ key }) => join(root, key), read, tree };
}

/** Gives the same bytes with one bit another. */
export function flipBit(bytes: Buffer): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 1;
  return flipped;
}
