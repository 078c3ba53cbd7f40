import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { NEVER_ENDS, waitForPids, writeFakeFfmpeg } from "../helpers/fake-ffmpeg.ts";
import { listTree } from "../helpers/list-tree.ts";
import { makeWav, tone } from "../helpers/make-wav.ts";
import { EMBEDDED } from "../helpers/real-ffmpegs.ts";
import { finish, runHoldfast, startHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

/** Two parties at a rate that no target has. */
const STEREO = makeWav([tone(11_025, 40), tone(11_025, 17)], 11_025);

async function convert(args: readonly string[]) {
  const cwd = await makeTemporaryFolder();
  await writeFile(join(cwd, "x.wav"), STEREO);
  const { code, stdout } = await runHoldfast(["convert", "--json", ...args], { cwd });
  return { cwd, code, report: JSON.parse(stdout) };
}

test("what cannot be is refused before anything is done", async () => {
  const { cwd, code, report } = await convert(["x.wav", "--to", "mp3", "--sample-rate", "48000", "--out", "o"]);
  expect([code, report.failures]).toMatchObject([
    2,
    [{ code: "PROFILE_INVALID", message: expect.stringMatching(/16000, 8000/) }],
  ]);
  expect(await listTree(cwd)).toEqual(["x.wav"]);
});

test("one party alone, by the flags", async () => {
  const flags = [
    "--to",
    "opus,mp3",
    "--participant",
    "callee",
    "--caller-channel",
    "right",
    "--effort",
    "fast",
    "--out",
    "o",
  ];
  const { code, report } = await convert(["x.wav", ...flags]);
  expect(code).toBe(0);
  expect(report.results).toMatchObject([
    { profile: "opus-32k-16000-callee-fast", remarks: [expect.stringMatching(/upsampled from 11025/)] },
    { profile: "mp3-64k-16000-callee-fast", outputsInRun: 2 },
  ]);
  for (const { arguments: args } of report.results) expect(args.join(" ")).toContain("-af pan=mono|c0=c0,");
});

test("one party of whom nobody says where it is: refused, with a hint", async () => {
  const { cwd, code, report } = await convert(["x.wav", "--to", "mp3", "--participant", "caller", "--out", "o"]);
  expect([code, report.failures]).toMatchObject([1, [{ code: "MEDIA_PARTICIPANT_UNKNOWN" }]]);
  expect(await listTree(cwd)).toEqual(["x.wav"]);
});

test("--reproduce: 0 for the same bytes, 4 for others, 1 for what is no record", async () => {
  const { cwd } = await convert(["x.wav", "--to", "mp3", "--out", "o"]);
  const record = join(cwd, "o/x.mp3.holdfast.json");
  const same = await runHoldfast(["convert", "--reproduce", record], { cwd });
  expect([same.code, same.stdout]).toEqual([0, expect.stringMatching(/^1 of 1 file came out the same/)]);
  await writeFile(join(cwd, "x.wav"), makeWav([tone(8000, 40)]));
  expect((await runHoldfast(["convert", "--reproduce", record], { cwd })).code).toBe(4);
  const none = await runHoldfast(["convert", "--reproduce", "x.wav", "--json"], { cwd });
  expect([none.code, JSON.parse(none.stdout).failures]).toMatchObject([1, [{ code: "SIDECAR_INVALID" }]]);
  const gone = await runHoldfast(["convert", "--reproduce", "gone.json", "--json"], { cwd });
  expect([gone.code, JSON.parse(gone.stdout).failures]).toMatchObject([1, [{ code: "STORAGE_NOT_FOUND" }]]);
});

test("--report that cannot be written to is told of at once", async () => {
  // Nobody can make a file there, not even root.
  const { cwd, code, report } = await convert(["x.wav", "--to", "mp3", "--report", "/proc/none/report.csv"]);
  expect([code, report]).toMatchObject([1, { outcome: "failed", counts: { done: 0 }, results: [] }]);
  expect(await listTree(cwd)).toEqual(["x.wav"]);
});

test("--report that something came in the way of is one failure more, in the one document", async () => {
  const folder = await makeTemporaryFolder();
  const path = join(folder, "report.csv");
  const ffmpeg = await writeFakeFfmpeg(folder, `: > ${path}; exec ${EMBEDDED.path} "$@"`);
  const { code, report } = await convert(["x.wav", "--to", "mp3", "--report", path, "--ffmpeg", ffmpeg]);
  expect([code, report]).toMatchObject([3, { outcome: "partial", counts: { planned: 2, done: 1, failed: 1 } }]);
  expect(report.results).toMatchObject([{ status: "encoded" }]);
  expect(report.failures).toMatchObject([{ subject: path, code: "STORAGE_CONFLICT" }]);
  expect(await listTree(folder)).toEqual(["ffmpeg", "report.csv"]);
});

test("--report of a cancelled run is written all the same", async () => {
  const cwd = await makeTemporaryFolder();
  await writeFile(join(cwd, "x.wav"), STEREO);
  await writeFakeFfmpeg(cwd, NEVER_ENDS);
  const child = startHoldfast(["convert", "x.wav", "--to", "mp3", "--report", "r.csv", "--ffmpeg", "./ffmpeg"], {
    cwd,
  });
  const ended = finish(child);
  await waitForPids(cwd);
  child.kill("SIGINT");
  expect((await ended).code).toBe(130);
  expect(await readFile(join(cwd, "r.csv"), "utf8")).toMatch(/^\uFEFFtype,/);
  expect(await listTree(cwd)).toEqual(["ffmpeg", "pids", "r.csv", "x.wav"]);
});
