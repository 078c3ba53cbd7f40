import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { readFixture } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { openTinyVendor } from "../helpers/tiny-vendor.ts";

test.each(["list", "event"])(
  "a vendor that fails for a moment when asked for a %s is asked again",
  async (question) => {
    const cwd = await makeTemporaryFolder();
    const vendor = await openTinyVendor([{ id: "rec_1", bytes: await readFixture("mp3-32k-8000.mp3") }], {
      apiFailures: 1,
    });
    await writeFile(join(cwd, "events.ndjson"), vendor.eventLine("rec_1"));
    const args = question === "list" ? [] : ["--events", "events.ndjson"];
    const env = { AUDIAN_BASE_URL: vendor.baseUrl, AUDIAN_API_KEY: "key" };
    const { code, stdout } = await runHoldfast(["fetch", "--json", ...args], { cwd, env });
    expect([code, JSON.parse(stdout).counts.done]).toEqual([0, 1]);
  },
);
