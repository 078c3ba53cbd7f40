import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { findInputs } from "../../../src/io/find-inputs.ts";
import { leaveOutOutputs } from "../../../src/transcode/earlier-outputs.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const FILES = ["in/a.wav", "in/b.opus", "in/o/a.opus", "in/o/sub/c.wav", "in/other/d.wav"];

/** What is taken of inputs when opus is wanted, and how much is left out for either reason. */
async function take(cwd: string, inputs: readonly string[], outFolder?: string, listed: readonly string[] = []) {
  const found = await findInputs(inputs, { listed });
  const { files, inOutFolder, inWantedFormat } = await leaveOutOutputs(found.files, { formats: ["opus"], outFolder });
  return [files.map(({ path }) => relative(cwd, path)).toSorted(), inOutFolder, inWantedFormat];
}

async function makeTree(): Promise<string> {
  const cwd = await makeTemporaryFolder();
  for (const path of FILES) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), path);
  }
  return cwd;
}

describe("with --to opus", () => {
  test.each([
    ["outputs below the folder", ["in"], "in/o", ["in/a.wav", "in/b.opus", "in/other/d.wav"], 2, 0],
    ["outputs below a glob", ["in/**/*.wav"], "in/o", ["in/a.wav", "in/other/d.wav"], 1, 0],
    ["a file that is named itself", ["in/other", "in/o/a.opus"], "in/o", ["in/o/a.opus", "in/other/d.wav"], 0, 0],
    ["outputs beside the sources", ["in"], undefined, ["in/a.wav", "in/o/sub/c.wav", "in/other/d.wav"], 0, 2],
    ["the folder itself for outputs", ["in"], "in", ["in/a.wav", "in/o/sub/c.wav", "in/other/d.wav"], 0, 2],
    ["a folder above for outputs", ["in/o"], "in", ["in/o/a.opus", "in/o/sub/c.wav"], 0, 0],
    ["a folder that is not there yet", ["in/other"], "in/other/new/one", ["in/other/d.wav"], 0, 0],
    ["a name that only begins alike", ["in"], "in/ot", FILES, 0, 0],
  ] as const)("%s", async (_, inputs, out, ...expected) => {
    const cwd = await makeTree();
    const outFolder = out === undefined ? undefined : join(cwd, out);
    const full = inputs.map((input) => join(cwd, input));
    expect(await take(cwd, full, outFolder)).toEqual(expected);
  });

  test("a link to the folder of the outputs is that folder", async () => {
    const cwd = await makeTree();
    await symlink("in/o", join(cwd, "link"));
    await symlink("in", join(cwd, "in2"));
    const expected = [["in2/a.wav", "in2/b.opus", "in2/other/d.wav"], 2, 0];
    expect(await take(cwd, [join(cwd, "in2")], join(cwd, "link"))).toEqual(expected);
  });

  test("of a listed folder the outputs lie in its own place", async () => {
    const cwd = await makeTree();
    const place = relative("/", cwd);
    const path = `in/${place}/in/a.opus`;
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), path);
    expect(await take(cwd, [], join(cwd, "in"), [join(cwd, "in")])).toEqual([FILES.toSorted(), 1, 0]);
    const beside = [["in/other/d.wav"], 0, 0];
    expect(await take(cwd, [], "/", [join(cwd, "in/other")])).toEqual(beside);
    await writeFile(join(cwd, "in/other/d.opus"), "x");
    expect(await take(cwd, [], "/", [join(cwd, "in/other")])).toEqual([["in/other/d.wav"], 0, 1]);
  });
});
