import { appendFile, copyFile, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openArchive } from "../../src/compose.ts";
import { TEST_CLOCK } from "../helpers/open-test-archive.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { readFixture, storeRecording } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { TEST_CUSTODIAN } from "../helpers/test-custodian.ts";

const DAY = "archive/recordings/2024/01/15";
const NAMES = ["mp3-64k-16000.mp3", "opus-32k-16000.opus", "wav-256k-16000.wav"];
let fixtures: readonly Buffer[];
beforeAll(async () => {
  fixtures = await Promise.all(NAMES.map(readFixture));
});

/** An archive with rec_0.mp3, rec_1.opus and rec_2.wav. */
async function makeArchive(): Promise<string> {
  const cwd = await makeTemporaryFolder();
  const archive = await openArchive(join(cwd, "archive"), {
    clock: TEST_CLOCK,
    create: true,
    custodian: TEST_CUSTODIAN,
  });
  for (const [index, bytes] of fixtures.entries()) await storeRecording(archive, `rec_${index}`, bytes);
  await archive.close();
  return cwd;
}

async function verify(cwd: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await runHoldfast(["verify", "--json", ...args], { cwd });
  const report = JSON.parse(stdout);
  const found = report.findings.map(({ kind, subject }: { kind: string; subject: string }) => [
    kind,
    subject.split("/").at(-1),
  ]);
  return { code, report, found, stderr };
}

async function flipByte(path: string, offset: number): Promise<void> {
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
  await writeFile(path, bytes);
}

test.each(["presence", "digest", "structure"])("a sound archive is ok at level %s", async (level) => {
  const { code, report } = await verify(await makeArchive(), "--level", level);
  expect([code, report.outcome, report.counts.done, report.counts.findings]).toEqual([0, "ok", 6, 0]);
  for (const { path, ...result } of report.results) {
    // A sidecar is no recording: there is no structure to walk.
    const isSidecar = path.endsWith(".json");
    expect(result).toMatchObject({ status: "ok", level: isSidecar && level === "structure" ? "digest" : level });
  }
});

type Harm = (cwd: string) => Promise<unknown>;
const file = (cwd: string, name: string) => join(cwd, DAY, name);

describe("each harm is found, named and told with exit code 4", () => {
  const harms: readonly (readonly [string, Harm, string, string])[] = [
    ["a flipped bit in a wav", (cwd) => flipByte(file(cwd, "rec_2.wav"), 5000), "digest-mismatch", "rec_2.wav"],
    ["a flipped bit in an mp3", (cwd) => flipByte(file(cwd, "rec_0.mp3"), 5000), "digest-mismatch", "rec_0.mp3"],
    ["a deleted file", (cwd) => rm(file(cwd, "rec_1.opus")), "missing", "rec_1.opus"],
    ["a deleted sidecar", (cwd) => rm(file(cwd, "rec_1.json")), "missing", "rec_1.json"],
    ["an added file", (cwd) => writeFile(file(cwd, "new.mp3"), "x"), "unexpected", "new.mp3"],
    ["an added file that no line can name", (cwd) => writeFile(file(cwd, "n\n.mp3"), "x"), "unexpected", "n\n.mp3"],
    ["an added hidden file", (cwd) => writeFile(file(cwd, ".new"), "x"), "unexpected", ".new"],
    ["a cut opus", (cwd) => truncate(file(cwd, "rec_1.opus"), 5000), "truncated", "rec_1.opus"],
    ["a cut wav", (cwd) => truncate(file(cwd, "rec_2.wav"), 50000), "truncated", "rec_2.wav"],
    ["an emptied file", (cwd) => truncate(file(cwd, "rec_2.wav"), 0), "", "rec_2.wav"],
    [
      "tags behind an mp3",
      (cwd) => appendFile(file(cwd, "rec_0.mp3"), `TAG${"\0".repeat(125)}`),
      "tags-changed",
      "rec_0.mp3",
    ],
    [
      "a changed sidecar",
      async (cwd) => {
        const text = await readFile(file(cwd, "rec_0.json"), "utf8");
        await writeFile(file(cwd, "rec_0.json"), text.replace("call_1", "call_2"));
      },
      "digest-mismatch",
      "rec_0.json",
    ],
    [
      "a symbolic link in its place",
      async (cwd) => {
        await rename(file(cwd, "rec_0.mp3"), join(cwd, "moved.mp3"));
        await symlink(join(cwd, "moved.mp3"), file(cwd, "rec_0.mp3"));
      },
      "missing",
      "rec_0.mp3",
    ],
    [
      "a folder in its place",
      async (cwd) => {
        await rm(file(cwd, "rec_0.mp3"));
        await mkdir(file(cwd, "rec_0.mp3"));
      },
      "missing",
      "rec_0.mp3",
    ],
    [
      "another recording in its place",
      (cwd) => copyFile(file(cwd, "rec_0.mp3"), file(cwd, "rec_2.wav")),
      "",
      "rec_2.wav",
    ],
  ];
  test.each(harms)("%s", async (_, harm, kind, name) => {
    const cwd = await makeArchive();
    await harm(cwd);
    const { code, found, report } = await verify(cwd);
    expect([code, report.outcome]).toEqual([4, "findings"]);
    expect(found).toEqual([[kind === "" ? expect.any(String) : kind, name]]);
  });
});

test("a cut recording says how much of it is gone", async () => {
  const cwd = await makeArchive();
  const wav = file(cwd, "rec_2.wav");
  const lostSeconds = 1.5;
  await truncate(wav, (fixtures[2]?.length ?? 0) - lostSeconds * 32000);
  const { report } = await verify(cwd);
  expect(report.findings[0].detail.lostSeconds).toBeCloseTo(lostSeconds, 1);
});

test("level presence sees sizes and no more, and says at which level it looked", async () => {
  const cwd = await makeArchive();
  await flipByte(file(cwd, "rec_2.wav"), 5000);
  expect((await verify(cwd, "--level", "presence")).code).toBe(0);
  await truncate(file(cwd, "rec_2.wav"), 5000);
  expect((await verify(cwd, "--level", "presence")).found).toEqual([["size-mismatch", "rec_2.wav"]]);
});

test("several harms are all found in one run", async () => {
  const cwd = await makeArchive();
  await rm(file(cwd, "rec_0.mp3"));
  await flipByte(file(cwd, "rec_1.opus"), 900);
  await writeFile(file(cwd, "extra"), "x");
  const { found, report } = await verify(cwd);
  expect(found.map(([, name]: string[]) => name).toSorted()).toEqual(["extra", "rec_0.mp3", "rec_1.opus"]);
  expect(report.counts).toMatchObject({ planned: 6, done: 6, findings: 3 });
});

test("an archive without its catalogue is verified by the sidecars, and that is a finding", async () => {
  const cwd = await makeArchive();
  await rm(join(cwd, "archive/catalogue.sqlite"));
  const first = await verify(cwd);
  expect([first.code, first.found]).toEqual([4, [["missing", "catalogue.sqlite"]]]);
  expect((await verify(cwd)).code).toBe(0);
});

test("reindex gives the catalogue back", async () => {
  const cwd = await makeArchive();
  await rm(join(cwd, "archive/catalogue.sqlite"));
  const { code, stdout } = await runHoldfast(["reindex", "--json"], { cwd });
  expect([code, JSON.parse(stdout).results[0].sidecars]).toEqual([0, 3]);
  expect((await verify(cwd)).code).toBe(0);
});

test("nothing to verify is no success", async () => {
  const cwd = await makeTemporaryFolder();
  await (
    await openArchive(join(cwd, "archive"), { clock: TEST_CLOCK, create: true, custodian: TEST_CUSTODIAN })
  ).close();
  const { code, report } = await verify(cwd);
  expect([code, report.failures[0].code]).toEqual([1, "NOTHING_TO_DO"]);
});

test("an archive that another run works on is locked", async () => {
  const cwd = await makeArchive();
  const archive = await openArchive(join(cwd, "archive"), {
    clock: TEST_CLOCK,
    create: false,
    custodian: TEST_CUSTODIAN,
  });
  const { code, report } = await verify(cwd);
  await archive.close();
  expect([code, report.failures[0].code]).toEqual([11, "CATALOGUE_LOCKED"]);
});

test("what was converted from the archive is recorded, verified, and not made twice", async () => {
  const cwd = await makeArchive();
  const convert = async () => {
    const { code, stdout } = await runHoldfast(["convert", "--to", "opus", "--json"], { cwd });
    return { code, report: JSON.parse(stdout) };
  };
  const first = await convert();
  // One of the three is Opus already.
  expect([first.code, first.report.counts]).toMatchObject([0, { done: 2, skipped: 1 }]);
  const sidecar = JSON.parse(await readFile(file(cwd, "rec_0.json"), "utf8"));
  expect(sidecar.derivatives).toMatchObject([
    {
      file: "rec_0.opus-32k-16000.opus",
      profile: "opus-32k-16000",
      source: { sha256: sidecar.original.sha256 },
      ffmpeg: { version: expect.stringContaining("N-47683"), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      tool: { name: "holdfast", version: "0.1.0" },
    },
  ]);
  expect((await verify(cwd)).report).toMatchObject({ outcome: "ok", counts: { done: 8 } });
  expect((await convert()).report.counts).toMatchObject({ done: 0, skipped: 3 });
});

test("nothing is made from an original that has changed", async () => {
  const cwd = await makeArchive();
  await flipByte(file(cwd, "rec_2.wav"), 5000);
  const { code, stdout } = await runHoldfast(["convert", "--to", "mp3", "--json"], { cwd });
  const report = JSON.parse(stdout);
  // One of the other two is MP3 already.
  expect([code, report.counts]).toMatchObject([4, { done: 1, skipped: 1, failed: 1 }]);
  expect(report.findings).toMatchObject([{ kind: "digest-mismatch", subject: expect.stringContaining("rec_2.wav") }]);
});

describe("nothing is blessed that was not checked", () => {
  const convertToOpus = (cwd: string) => runHoldfast(["convert", "--to", "opus", "--json"], { cwd });

  test("a changed sidecar is not written anew by convert", async () => {
    const cwd = await makeArchive();
    const path = file(cwd, "rec_0.json");
    await writeFile(path, (await readFile(path, "utf8")).replace('"none"', '"vendor-digest"'));
    const { code, stdout } = await convertToOpus(cwd);
    const report = JSON.parse(stdout);
    expect([code, report.failures[0].code]).toEqual([3, "SIDECAR_INVALID"]);
    expect((await verify(cwd)).found).toEqual([["digest-mismatch", "rec_0.json"]]);
  });

  test("a catalogue that was rebuilt by another command is told of by the next verify", async () => {
    const cwd = await makeArchive();
    await rm(join(cwd, "archive/catalogue.sqlite"));
    await convertToOpus(cwd);
    expect((await verify(cwd)).found).toEqual([["missing", "catalogue.sqlite"]]);
    expect((await verify(cwd)).code).toBe(0);
  });

  test("an archive that lost its marker is no new archive", async () => {
    const cwd = await makeArchive();
    await rm(join(cwd, "archive/holdfast.json"));
    const env = { AUDIAN_API_KEY: "k", AUDIAN_BASE_URL: "http://127.0.0.1:1/v2" };
    const { code, stderr } = await runHoldfast(["fetch"], { cwd, env });
    expect([code, stderr.includes("ARCHIVE_INVALID")]).toEqual([1, true]);
  });

  test("a name that is no UTF-8 does not hide the others", async () => {
    const cwd = await makeArchive();
    const stray = Buffer.concat([Buffer.from(`${file(cwd, "x")}`), Buffer.from([0xff])]);
    await writeFile(stray, "x");
    const { code } = await verify(cwd);
    expect(code).toBe(4);
  });

  test("outputs are kept out of archives", async () => {
    const cwd = await makeArchive();
    await copyFile(file(cwd, "rec_0.mp3"), join(cwd, "rec_2.mp3"));
    const args = ["convert", "rec_2.mp3", "--to", "wav", "--on-conflict", "replace", "--out", DAY, "--json"];
    const { code, stdout } = await runHoldfast(args, { cwd });
    expect([code, JSON.parse(stdout).failures[0].code]).toEqual([1, "ARCHIVE_CONFLICT"]);
    expect((await verify(cwd)).code).toBe(0);
  });
});
