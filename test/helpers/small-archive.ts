import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { openArchive } from "../../src/compose.ts";
import { FileAnchor } from "../../src/ledger/anchor.ts";
import { readFixture, storeRecording } from "./store-recording.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";
import { TEST_CLOCK } from "./test-clock.ts";
import { TEST_CUSTODIAN } from "./test-custodian.ts";

/** A folder with an archive that nobody has open. */
export interface SmallArchive {
  readonly cwd: string;
  /** That of the archive. */
  readonly folder: string;
  readonly ledger: string;
  /** Stores further recordings in a run of their own. */
  store(...ids: readonly string[]): Promise<void>;
  /** Keeps the newest checkpoint in a file, by its path from the folder around the archive. */
  anchor(path: string): Promise<void>;
  /** Puts the whole archive back to what it was when this was made, but for the catalogue, which is made anew when it is opened. */
  rollBack(): Promise<void>;
}

/** Makes an archive of two recordings in `archive`, whose ledger has three events. */
export async function makeSmallArchive(): Promise<SmallArchive> {
  const cwd = await makeTemporaryFolder();
  const folder = join(cwd, "archive");
  const store = async (...ids: readonly string[]) => {
    const archive = await openArchive(folder, { clock: TEST_CLOCK, create: true, custodian: TEST_CUSTODIAN });
    for (const id of ids) await storeRecording(archive, id, await readFixture("mp3-32k-8000.mp3"));
    await archive.close();
  };
  const anchor = async (path: string) => {
    const anchors = [new FileAnchor(join(cwd, path))];
    await (await openArchive(folder, { clock: TEST_CLOCK, create: false, custodian: TEST_CUSTODIAN, anchors })).close();
  };
  await store("rec_1", "rec_2");
  await cp(folder, join(cwd, "yesterday"), { recursive: true, filter: (path) => !path.includes("catalogue.sqlite") });
  const rollBack = async () => {
    await rm(folder, { recursive: true });
    await cp(join(cwd, "yesterday"), folder, { recursive: true });
  };
  return { cwd, folder, ledger: join(folder, "ledger"), store, anchor, rollBack };
}
