import { join } from "node:path";
import { Archive } from "../../src/archive/archive.ts";
import { SqliteCatalogue } from "../../src/catalogue/sqlite/sqlite-catalogue.ts";
import { systemClock } from "../../src/core/clock.ts";
import { parseRecordingId } from "../../src/core/recording-id.ts";
import type { StorageKey } from "../../src/core/storage-key.ts";
import { FolderHealSource } from "../../src/fixity/heal/folder-heal-source.ts";
import { healFile } from "../../src/fixity/heal/heal-file.ts";
import { StagedFile } from "../../src/io/staged-file.ts";
import { FsStorage } from "../../src/storage/fs/fs-storage.ts";
import { moveAside } from "../../src/storage/fs/move-aside.ts";
import type { Aside, StagedObject } from "../../src/storage/storage.ts";
import { toOpenTestLedger } from "../helpers/test-custodian.ts";

// Heals the original of `rec_1` in an archive from a folder, and is killed at the step that it is given.
const [root = "", copy = "", step = ""] = process.argv.slice(2);

function die(): void {
  process.kill(process.pid, "SIGKILL");
}

class DyingNote extends StagedFile {
  override async commit(...args: Parameters<StagedFile["commit"]>): Promise<void> {
    await super.commit(...args);
    die();
  }
}

class DyingStorage extends FsStorage {
  override stage(name: string): StagedObject {
    const staged = super.stage(name);
    if (name !== "copy") return staged;
    const seal = async () => {
      await staged.seal();
      if (step === "copied") die();
    };
    const commit: StagedObject["commit"] = async (...args) => {
      await staged.commit(...args);
      if (step === "named") die();
    };
    return { ...staged, seal, commit };
  }

  override async setAside(key: StorageKey, aside: Aside): Promise<void> {
    if (step === "noted") {
      const record = new DyingNote(join(root, "tmp"), "record");
      const [path, notePath] = [join(root, aside.key), join(root, aside.note.key)];
      await moveAside(join(root, key), { path, notePath, record, text: aside.note.text });
    }
    await super.setAside(key, aside);
    if (step === "moved") die();
  }
}

const catalogue = await SqliteCatalogue.open({
  path: join(root, "catalogue.sqlite"),
  lockPath: join(root, "tmp", "writer.lock"),
});
const ports = { storage: new DyingStorage(root), catalogue, openLedger: toOpenTestLedger(root), clock: systemClock };
const archive = await Archive.open(ports, { create: false });
const known = await archive.catalogued(parseRecordingId("rec_1"));
const file = known?.files.find(({ role }) => role === "original");
if (file === undefined) throw new Error("no original");
const by = { user: "ada", host: "lovelace" };
const source = new FolderHealSource(copy);
const outcome = await healFile(archive, { file, findings: [] }, { by, clock: systemClock, source });
process.stdout.write(outcome.status);
