import { chmod, mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { FfmpegNotFoundError } from "../../../src/ffmpeg/errors.ts";
import { locateFfmpeg } from "../../../src/ffmpeg/locate.ts";
import { type FakeFfmpeg, writeFakeFfmpeg } from "../../helpers/fake-ffmpeg.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

/** A folder with an ffmpeg in it, to be put on PATH. */
async function makePathFolder(fake: FakeFfmpeg = {}): Promise<string> {
  const folder = await makeTemporaryFolder();
  await writeFakeFfmpeg(folder, ":", fake);
  return folder;
}

test("nothing on PATH: the embedded one of 2018, with all three encoders", async () => {
  const { ffmpeg, passedOver } = await locateFfmpeg({ named: undefined, searchPath: "" });
  expect(ffmpeg).toMatchObject({ origin: "embedded", copyrightYear: 2018, majorVersion: undefined });
  expect(ffmpeg.encoders).toEqual(expect.arrayContaining(["libmp3lame", "libopus", "pcm_s16le"]));
  expect(ffmpeg.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(passedOver).toEqual(["there is no ffmpeg on PATH"]);
});

test.each(["5.1.9-0+deb12u1", "n7.0.2"])(
  "a good one on PATH, release %s, comes before the embedded one",
  async (version) => {
    const folder = await makePathFolder({ version });
    const { ffmpeg, passedOver } = await locateFfmpeg({ named: undefined, searchPath: folder });
    expect(ffmpeg).toMatchObject({ origin: "path", path: join(folder, "ffmpeg"), version });
    expect(passedOver).toEqual([]);
  },
);

describe("one on PATH that is not good enough is passed over, and it is said why", () => {
  test.each([
    ["too old", { version: "4.4.2-0ubuntu0.22.04.1" }, /4\.4\.2.* not a release 5 or newer/],
    ["between releases", { version: "N-47683-g0e8eb07980-static" }, /not a release 5/],
    ["without libopus", { version: "6.0", encoders: ["libmp3lame", "pcm_s16le"] }, /lacks the encoders libopus$/],
  ] as const)("%s", async (_, fake, why) => {
    const folder = await makePathFolder(fake);
    const { ffmpeg, passedOver } = await locateFfmpeg({ named: undefined, searchPath: folder });
    expect(ffmpeg.origin).toBe("embedded");
    expect(passedOver).toEqual([expect.stringMatching(why)]);
  });
});

test("the first on PATH that can be run is looked at, folders and empty entries are not", async () => {
  const [isFolder, noRights, good] = [await makeTemporaryFolder(), await makePathFolder(), await makePathFolder()];
  await mkdir(join(isFolder, "other"));
  await chmod(join(noRights, "ffmpeg"), 0o644);
  const searchPath = ["", isFolder, noRights, good].join(delimiter);
  expect((await locateFfmpeg({ named: undefined, searchPath })).ffmpeg.path).toBe(join(good, "ffmpeg"));
});

test("the one that was named is taken whatever its version, and PATH is not looked at", async () => {
  const named = { path: join(await makePathFolder({ version: "2.8" }), "ffmpeg"), origin: "environment" } as const;
  const { ffmpeg, reason } = await locateFfmpeg({ named, searchPath: await makePathFolder() });
  expect(ffmpeg).toMatchObject({ ...named, version: "2.8" });
  expect(reason).toMatch(/HOLDFAST_FFMPEG/);
});

test("one that was named and cannot be used is an error, never another one instead", async () => {
  const incomplete = join(await makePathFolder({ encoders: ["pcm_s16le"] }), "ffmpeg");
  for (const path of [incomplete, "/none/ffmpeg"]) {
    const request = { named: { path, origin: "flag" }, searchPath: await makePathFolder() } as const;
    await expect(locateFfmpeg(request)).rejects.toThrow(FfmpegNotFoundError);
  }
  const request = { named: { path: incomplete, origin: "flag" }, searchPath: "" } as const;
  await expect(locateFfmpeg(request)).rejects.toThrow(/libmp3lame, libopus/);
});
