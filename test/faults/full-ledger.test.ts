import { execFileSync, spawnSync } from "node:child_process";
import { appendFile, cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { toAccessText } from "../../src/archive/access-note.ts";
import { openArchiveToVerify } from "../../src/compose.ts";
import { toStorageKey } from "../../src/core/storage-key.ts";
import { makeSmallArchive } from "../helpers/small-archive.ts";
import { TEST_CLOCK } from "../helpers/test-clock.ts";
import { TEST_CUSTODIAN } from "../helpers/test-custodian.ts";
import { verifyTestArchive } from "../helpers/verify-archive.ts";

/** Puts a ledger on a disk of its own, until the test ends; without the right to, says why. */
async function moveToSmallDisk(ledger: string): Promise<string | undefined> {
  await rename(ledger, `${ledger}-was`);
  await mkdir(ledger);
  const { status, stderr, error } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", ledger]);
  if (status !== 0) return `no small disk can be mounted here: ${error?.message ?? stderr.toString().trim()}`;
  onTestFinished(() => {
    execFileSync("umount", [ledger]);
  });
  await cp(`${ledger}-was`, ledger, { recursive: true });
  await rm(`${ledger}-was`, { recursive: true });
  return undefined;
}

test("a ledger without room for an event keeps nobody from verifying, and is no finding", async ({ skip }) => {
  const rig = await makeSmallArchive();
  const obstacle = await moveToSmallDisk(rig.ledger);
  if (obstacle !== undefined) return skip(obstacle);
  const keys = Array.from({ length: 20 }, (_, index) => toStorageKey(`recordings/${"n".repeat(200)}${index}.mp3`));
  const access = { command: "inspect", actor: "eve", atMs: TEST_CLOCK.now(), keys, recordingId: undefined };
  await mkdir(join(rig.ledger, "inbox"));
  await writeFile(join(rig.ledger, "inbox/note.json"), toAccessText(access));
  await expect(writeFile(join(rig.ledger, "filling"), Buffer.alloc(1 << 20))).rejects.toMatchObject({ code: "ENOSPC" });
  const verify = async () => {
    const options = { clock: TEST_CLOCK, create: false, custodian: TEST_CUSTODIAN };
    const archive = await openArchiveToVerify(rig.folder, options);
    return await verifyTestArchive(archive).finally(() => archive.close());
  };

  const sound = await verify();
  expect(sound.findings).toEqual([]);
  expect(sound.failures).toMatchObject([{ code: "STORAGE_FULL" }]);
  expect(sound.results.map(({ status }) => status)).toContain("ok");

  await appendFile(join(rig.folder, "recordings/2024/01/15/rec_1.mp3"), "x");
  const damaged = await verify();
  expect(damaged.outcome).toBe("findings");
  expect(damaged.findings.map(({ kind }) => kind)).not.toContain("ledger-broken");

  await rm(join(rig.ledger, "filling"));
  expect((await verify()).failures).toEqual([]);
});
