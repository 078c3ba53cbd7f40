import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { readFixture } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { openTinyVendor } from "../helpers/tiny-vendor.ts";

/** What `rec_a` would have as its mp3 is, by the name of its id, the original of another recording. */
test("a recording whose id looks like the derivative of another keeps its bytes", async () => {
  const cwd = await makeTemporaryFolder();
  const mp3 = await readFixture("mp3-32k-8000.mp3");
  const vendor = await openTinyVendor([
    { id: "rec_a", bytes: await readFixture("wav-128k-8000.wav") },
    { id: "rec_a.mp3-64k-16000", bytes: mp3 },
  ]);
  const env = { AUDIAN_BASE_URL: vendor.baseUrl, AUDIAN_API_KEY: "key" };
  const fetched = await runHoldfast(["fetch", "--json"], { cwd, env });
  const results: readonly { recordingId: string; path: string }[] = JSON.parse(fetched.stdout).results;
  const path = join(cwd, results.find(({ recordingId }) => recordingId !== "rec_a")?.path ?? "");
  expect(await readFile(path)).toEqual(mp3);
  await runHoldfast(["convert", "--to", "mp3"], { cwd });
  expect((await readFile(path)).equals(mp3)).toBe(true);
  expect((await runHoldfast(["verify"], { cwd })).code).toBe(0);
});
