import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { makeWav, tone } from "../helpers/make-wav.ts";
import { openTestArchive, TEST_CLOCK } from "../helpers/open-test-archive.ts";
import { runHoldfast, startHoldfast } from "../helpers/run-holdfast.ts";
import { storeRecording } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const RECORDINGS = 60;
const LIST = { name: "all", list: "ids.txt" };

/** An archive whose recordings all go by a rule. */
async function makeArchive(cwd: string): Promise<void> {
  const archive = await openTestArchive(cwd);
  const ids = Array.from({ length: RECORDINGS }, (_, index) => `rec_${index}`);
  const bytes = makeWav([tone(100, 300)]);
  const stored = await Promise.all(ids.map((id) => storeRecording(archive, id, bytes)));
  const check = { runId: "then", level: "digest", status: "ok", checkedAtMs: TEST_CLOCK.now(), traces: {} } as const;
  await archive.checks.note(
    stored.map(({ sidecar: { recordingId } }) => ({ ...check, recordingId })),
    [],
  );
  await archive.close();
  await writeFile(join(cwd, "ids.txt"), ids.join("\n"));
  await writeFile(join(cwd, "holdfast.config.json"), JSON.stringify({ retention: { rules: [LIST] } }));
}

test("a retention that is killed leaves every recording whole, or is finished by the next command", async () => {
  const cwd = await makeTemporaryFolder();
  await makeArchive(cwd);
  const countAudio = async () =>
    (await readdir(join(cwd, "archive/recordings/2024/01/15"))).filter((name) => name.endsWith(".wav")).length;
  const child = startHoldfast(["retain", "--apply", "--verified-within", "99999d"], { cwd });
  const ended = once(child, "close");
  while ((await countAudio()) === RECORDINGS && child.exitCode === null) await wait(1);
  child.kill("SIGKILL");
  await ended;
  const left = await countAudio();
  expect([left > 0, left < RECORDINGS]).toEqual([true, true]);

  expect((await runHoldfast(["verify"], { cwd })).code).toBe(0);
  const archive = await openTestArchive(cwd);
  const removed: string[] = [];
  for await (const { subject } of archive.ledger.find(["removed"])) removed.push(subject);
  expect(new Set(removed).size).toBe(removed.length);
  expect(removed.length + (await countAudio())).toBe(RECORDINGS);
});
