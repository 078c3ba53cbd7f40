import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CatalogueInvalidError, CatalogueLockedError } from "../../../src/catalogue/errors.ts";
import { SqliteCatalogue } from "../../../src/catalogue/sqlite/sqlite-catalogue.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { describeCatalogue } from "../../contract/catalogue.contract.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const open = (folder: string) =>
  SqliteCatalogue.open({ path: join(folder, "catalogue.sqlite"), lockPath: join(folder, "tmp", "writer.lock") });

describeCatalogue("SqliteCatalogue", async () => open(await makeTemporaryFolder()));

test("one at a time, and again after it was closed", async () => {
  const folder = await makeTemporaryFolder();
  const first = await open(folder);
  await expect(open(folder)).rejects.toThrow(CatalogueLockedError);
  await first.close();
  await (await open(folder)).close();
});

test("the lock of a process that was killed is free", async () => {
  const folder = await makeTemporaryFolder();
  const holder = spawn(process.execPath, ["--import", "tsx", join(import.meta.dirname, "hold-lock.ts"), folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  await expect(open(folder)).rejects.toThrow(CatalogueLockedError);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  const catalogue = await open(folder);
  expect(await catalogue.find(parseRecordingId("kept"))).toMatchObject({ callId: "call" });
  await catalogue.close();
});

test("what is no catalogue is told so and left alone", async () => {
  const folder = await makeTemporaryFolder();
  await writeFile(join(folder, "catalogue.sqlite"), "this is not a database, but it is longer than a page header is");
  await expect(open(folder)).rejects.toThrow(CatalogueInvalidError);
  await rm(join(folder, "catalogue.sqlite"));
  await (await open(folder)).close();
});
