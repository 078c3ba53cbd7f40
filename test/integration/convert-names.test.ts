import { chmod, chown, copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listTree, withRecords } from "../helpers/list-tree.ts";
import { type RunOptions, runHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const SPEECH = join(import.meta.dirname, "../../fixtures/audio/ok/wav-256k-16000.wav");

/** Rights do not bind root: as root the program runs as `nobody`. */
const NOBODY = process.getuid?.() === 0 ? 65534 : undefined;

async function convert(args: readonly string[], options: RunOptions) {
  const { code, stdout, stderr } = await runHoldfast(["convert", "--json", ...args], options);
  return { code, report: JSON.parse(stdout), stderr };
}

/** A folder `in` with the same recording under each name. */
async function makeInputs(...names: readonly string[]): Promise<string> {
  const cwd = await makeTemporaryFolder();
  for (const name of names) {
    await mkdir(join(cwd, "in", name, ".."), { recursive: true });
    await copyFile(SPEECH, join(cwd, "in", name));
  }
  return cwd;
}

test.each(["in", "in/**"])("outputs below what is searched (%s) are no sources of the next run", async (input) => {
  const cwd = await makeInputs("a.wav", "sub/b.wav");
  const args = [input, "--to", "opus", "--out", "in/opus"];
  expect((await convert(args, { cwd })).code).toBe(0);
  const before = await listTree(cwd);
  expect(before).toEqual(["in/a.wav", ...withRecords("in/opus/a.opus", "in/opus/sub/b.opus"), "in/sub/b.wav"]);
  for (const _ of ["again", "and again"]) {
    const { code, report, stderr } = await convert(args, { cwd });
    expect([code, report.counts.done, report.counts.skipped]).toEqual([0, 0, 2]);
    expect(stderr).toMatch(/left out, for they lie in the folder of the outputs: 2;/);
    expect(stderr).not.toMatch(/not those of recordings/);
  }
  expect(await listTree(cwd)).toEqual(before);
});

test("with the folder itself for outputs a second run makes nothing, also of two formats", async () => {
  const cwd = await makeInputs("a.wav");
  const args = ["in", "--to", "opus,mp3", "--out", "in"];
  expect((await convert(args, { cwd })).code).toBe(0);
  const { code, report } = await convert(args, { cwd });
  expect([code, report.counts.done, report.counts.skipped]).toEqual([0, 0, 2]);
  expect(await listTree(join(cwd, "in"))).toEqual([...withRecords("a.mp3", "a.opus"), "a.wav"].toSorted());
});

test("an output that is named itself is converted", async () => {
  const cwd = await makeInputs("a.wav");
  await convert(["in", "--to", "opus", "--out", "in/o"], { cwd });
  const { code, report } = await convert(["in/o/a.opus", "--to", "wav", "--out", "in/o"], { cwd });
  expect([code, report.counts.done]).toEqual([0, 1]);
});

test("every recording is found, whatever its name, and every output has a name that Windows allows", async () => {
  const names = [
    "new\nline.wav",
    "con.wav",
    "a:b.wav",
    "q?.wav",
    "x .wav",
    "x..wav",
    "f:g/[1] é.wav",
    `${"l".repeat(251)}.wav`,
  ];
  const cwd = await makeInputs(...names);
  const { code, report } = await convert(["in", "--to", "mp3", "--out", "o"], { cwd });
  expect([code, report.counts.done]).toEqual([0, names.length]);
  const outputs = [
    ...["new%0Aline", "%63on", "a%3Ab", "q%3F", "x%20", "x%2E", "f%3Ag/[1] é"].map((name) => `${name}.mp3`),
    expect.stringMatching(/^l{200,}~[0-9a-f]{16}\.mp3$/),
  ];
  const found = (await listTree(join(cwd, "o"))).filter((path) => path.endsWith(".mp3"));
  expect(found.toSorted()).toHaveLength(outputs.length);
  expect(found).toEqual(expect.arrayContaining(outputs));
  const again = await convert(["in", "--to", "mp3", "--out", "o"], { cwd });
  expect([again.code, again.report.counts.skipped]).toEqual([0, names.length]);
});

test("a glob with alternatives in several folders mirrors them, and leads nowhere else", async () => {
  const cwd = await makeInputs("x/a.wav", "y/a.wav");
  expect((await convert(["in/{x,y}/*.wav", "--to", "mp3", "--out", "o"], { cwd })).code).toBe(0);
  expect(await listTree(cwd)).toEqual(["in/x/a.wav", "in/y/a.wav", ...withRecords("o/x/a.mp3", "o/y/a.mp3")]);
});

test.each(["in", "in/**/*.wav"])("a folder that must not be read (%s) is a failure of its own", async (input) => {
  const cwd = await makeInputs("a.wav", "secret/b.wav");
  const owned = ["", ...(await readdir(cwd, { recursive: true }))];
  if (NOBODY !== undefined) for (const path of owned) await chown(join(cwd, path), NOBODY, NOBODY);
  const user = NOBODY === undefined ? {} : { uid: NOBODY };
  await chmod(join(cwd, "in/secret"), 0);
  const { code, report } = await convert([input, "--to", "mp3", "--out", "o"], { cwd, ...user });
  expect([code, report.counts.done]).toEqual([3, 1]);
  expect(report.failures).toMatchObject([
    { code: "STORAGE_UNAVAILABLE", subject: expect.stringMatching(/in\/secret$/) },
  ]);
  await chmod(join(cwd, "in/secret"), 0o700);
  expect(await listTree(join(cwd, "o"))).toEqual(withRecords("a.mp3"));
});
