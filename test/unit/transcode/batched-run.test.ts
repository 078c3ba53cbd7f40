import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { convertFiles } from "../../helpers/convert-files.ts";
import { openFakeFfmpeg } from "../../helpers/fake-ffmpeg.ts";
import { listTree, withRecords } from "../../helpers/list-tree.ts";
import { makeWav, tone } from "../../helpers/make-wav.ts";
import { EMBEDDED, FFMPEGS } from "../../helpers/real-ffmpegs.ts";
import { readFixture } from "../../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

/** Writes short recordings of every kind, none like another. */
async function writeMixed(folder: string): Promise<readonly string[]> {
  const names = ["mp3-64k-16000.mp3", "opus-32k-48000.opus", "wav-256k-8000-2ch.wav", "mp3-32k-8000.mp3"];
  for (const name of names) await writeFile(join(folder, name), await readFixture(name));
  const tones = Array.from({ length: 8 }, (_, at) =>
    makeWav([tone(4000 + 1234 * at, 30 + at)], 8000 + 8000 * (at % 2)),
  );
  for (const [at, bytes] of tones.entries()) await writeFile(join(folder, `tone-${at}.wav`), bytes);
  return [...names, ...tones.map((_, at) => `tone-${at}.wav`)].map((name) => join(folder, name));
}

/** Writes five tones, one of which is called bad. */
async function writeFive(folder: string): Promise<readonly string[]> {
  const names = ["a", "b", "bad", "c", "d"];
  const paths = names.map((name) => join(folder, `${name}.wav`));
  for (const [at, path] of paths.entries()) await writeFile(path, makeWav([tone(9000 - 100 * at, 40)]));
  return paths;
}

const real = (args = '"$@"') => `${EMBEDDED.path} ${args}`;

describe.each(FFMPEGS)("ffmpeg $version", (ffmpeg) => {
  test("many recordings in one run give the bytes that each gives alone", async () => {
    const folder = await makeTemporaryFolder();
    const inputs = await writeMixed(folder);
    const made = { ffmpeg, formats: ["mp3", "wav", "opus"] as const, choice: { cbr: true } };
    const together = await convertFiles(inputs, { ...made, outFolder: join(folder, "together") });
    expect([together.outcome, together.failures]).toEqual(["ok", []]);
    expect(Math.max(...together.results.map(({ outputsInRun = 0 }) => outputsInRun))).toBeGreaterThan(10);
    for (const input of inputs) {
      const alone = await convertFiles([input], { ...made, outFolder: join(folder, "alone"), concurrency: 1 });
      for (const { output, arguments: args, source, profile } of alone.results) {
        const twin = together.results.find((one) => one.source.path === source.path && one.profile === profile);
        const name = basename(twin?.output.path ?? "");
        const bytes = await readFile(output.path);
        expect(bytes.equals(await readFile(join(folder, "together", name))), output.path).toBe(true);
        // What the record says of one output is what makes it alone.
        const inItsPlace = twin?.arguments?.map((arg) => arg.replace("/together/", "/alone/"));
        expect(inItsPlace?.map((arg) => arg.replace(name, basename(output.path)))).toEqual(args);
      }
    }
  });
});

describe("one bad member of a batch costs nobody else, and is told", () => {
  const GOOD = withRecords("a.wav", "b.wav", "c.wav", "d.wav");

  test.each([
    ["ffmpeg fails whenever it sees it", `case "$*" in *bad*) exit 1;; esac; exec ${real()}`, "MEDIA_FFMPEG_FAILED"],
    [
      "ffmpeg complains of it and makes it all the same",
      `case "$*" in *bad*) echo "bad: corrupt" >&2;; esac; exec ${real()}`,
      "MEDIA_FFMPEG_FAILED",
    ],
    [
      "its output alone is rubbish, and nothing is said",
      `${real()}; for a; do case "$a" in *bad*.part) echo rubbish > "\${a#file:}";; esac; done`,
      "MEDIA_OUTPUT_INVALID",
    ],
    [
      "its output alone is missing, and nothing is said",
      `${real()}; for a; do case "$a" in *bad*.part) rm "\${a#file:}";; esac; done`,
      "STORAGE_NOT_FOUND",
    ],
  ])("%s", async (_, body, code) => {
    const { ffmpeg } = await openFakeFfmpeg(body);
    const folder = await makeTemporaryFolder();
    const outFolder = join(folder, "o");
    const choice = { sampleRateHz: 8000 };
    const report = await convertFiles(await writeFive(folder), {
      ffmpeg,
      outFolder,
      formats: ["wav"],
      choice,
      concurrency: 1,
    });
    expect(report).toMatchObject({ outcome: "partial", counts: { planned: 5, done: 4, failed: 1 } });
    expect(report.failures).toMatchObject([{ subject: join(folder, "bad.wav"), code }]);
    expect(await listTree(outFolder)).toEqual(GOOD);
  });
});

test("a batch whose ffmpeg is killed is done again one by one", async () => {
  const half = 'for a; do case "$a" in *.part) echo half > "$(echo "$a" | cut -c6-)";; esac; done';
  const { ffmpeg } = await openFakeFfmpeg(
    `[ -e "$0.once" ] || { : > "$0.once"; ${half}; kill -9 $$; }; exec ${real()}`,
  );
  const folder = await makeTemporaryFolder();
  const outFolder = join(folder, "o");
  const report = await convertFiles(await writeFive(folder), { ffmpeg, outFolder, formats: ["mp3"], concurrency: 1 });
  expect(report).toMatchObject({ outcome: "ok", counts: { done: 5 } });
  expect(report.results.map(({ outputsInRun }) => outputsInRun)).toContain(1);
  expect(await listTree(outFolder)).toEqual(withRecords("a.mp3", "b.mp3", "bad.mp3", "c.mp3", "d.mp3"));
});
