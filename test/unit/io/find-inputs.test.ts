import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { StorageUnavailableError } from "../../../src/io/errors.ts";
import { findInputs } from "../../../src/io/find-inputs.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const FILES = ["d/a.wav", "d/sub/b.MP3", "d/sub/deep/c.opus", "d/.hidden.wav", "d/notes.txt", "d/[1].wav", "d/1.wav"];

async function makeTree(): Promise<string> {
  const folder = await makeTemporaryFolder();
  for (const file of FILES) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), file);
  }
  return folder;
}

/** The places of what is found, below the folder or glob that was named. */
async function placesOf(...inputs: readonly string[]): Promise<readonly string[]> {
  return (await findInputs(inputs)).files.map(({ relativePath }) => relativePath).toSorted();
}

describe("what an argument stands for", () => {
  test.each([
    ["a file", "d/a.wav", ["a.wav"]],
    ["a file of any name", "d/notes.txt", ["notes.txt"]],
    [
      "a folder: recordings at any depth, hidden ones too, not the rest",
      "d",
      [".hidden.wav", "1.wav", "[1].wav", "a.wav", "sub/b.MP3", "sub/deep/c.opus"],
    ],
    ["a folder with a slash behind it", "d/sub/", ["b.MP3", "deep/c.opus"]],
    ["a glob", "d/*.wav", ["1.wav", "[1].wav", "a.wav"]],
    ["a glob across folders", "d/**/*.{opus,MP3}", ["sub/b.MP3", "sub/deep/c.opus"]],
    ["a glob that begins in several folders", "d/{sub/deep,../d/sub}/*.*", ["b.MP3", "deep/c.opus"]],
    ["a name that is there, before the glob that it could be", "d/[1].wav", ["[1].wav"]],
  ] as const)("%s", async (_, input, places) => {
    const folder = await makeTree();
    expect(await placesOf(join(folder, input))).toEqual(places);
  });
});

test("in a folder, what is not made here but can be read counts as a recording too", async () => {
  const folder = await makeTemporaryFolder();
  const names = ["a.flac", "b.AMR", "c.awb", "d.gsm", "e.g722", "f.m4a"];
  for (const name of names) await writeFile(join(folder, name), name);
  expect(await placesOf(folder)).toEqual(names.slice(0, -1));
});

test("sizes and paths are those of the files", async () => {
  const folder = await makeTree();
  const { files } = await findInputs([`${folder}/d/sub`]);
  expect(files.map(({ path, sizeBytes, foundIn }) => [path, sizeBytes, foundIn])).toEqual([
    [`${folder}/d/sub/b.MP3`, "d/sub/b.MP3".length, `${folder}/d/sub`],
    [`${folder}/d/sub/deep/c.opus`, "d/sub/deep/c.opus".length, `${folder}/d/sub`],
  ]);
});

test("a file that several arguments reach, by whatever spelling, is taken once", async () => {
  const folder = await makeTree();
  const inputs = ["d/a.wav", "d/./a.wav", "d/sub/../a.wav", "d/a.*"].map((input) => `${folder}/${input}`);
  expect(await placesOf(...inputs)).toEqual(["a.wav"]);
});

test("files of a folder that are no recordings by name are counted, but for our own records", async () => {
  const folder = await makeTree();
  await writeFile(join(folder, "d/a.wav.holdfast.json"), "{}");
  expect((await findInputs([join(folder, "d")])).leftOut).toBe(1);
  const { files, unmatched, leftOut } = await findInputs([join(folder, "d/a.wav.*")]);
  expect([files, unmatched, leftOut]).toEqual([[], [], 0]);
});

describe("names with line breaks, which `**` of fast-glob does not match by itself", () => {
  const names = ["a\nb.wav", "c\rd.wav", "e\u2028f.wav", "g\u2029h.wav", "\u{1040A}i.wav"];
  test.each([
    ["in a folder", "", [...names, "sub\n1/j.wav"]],
    ["by a glob", "/*.wav", names],
    ["by a glob across folders", "/**/*.wav", [...names, "sub\n1/j.wav"]],
    ["by alternatives", "/{a\nb,x}.wav", ["a\nb.wav"]],
    ["by a glob below such a folder", "/sub\n1/?.wav", ["j.wav"]],
  ] as const)("%s", async (_, pattern, places) => {
    const folder = await makeTemporaryFolder();
    await mkdir(join(folder, "sub\n1"));
    for (const name of [...names, "sub\n1/j.wav"]) await writeFile(join(folder, name), "x");
    expect(await placesOf(`${folder}${pattern}`)).toEqual(places.toSorted());
  });
});

describe("what cannot be looked at is told of, and takes nothing else with it", () => {
  test("a link that leads to itself", async () => {
    const folder = await makeTree();
    const link = join(folder, "d/link");
    await symlink("link", link);
    const { files, unmatched, unreadable } = await findInputs([link, join(folder, "d/a.wav")], { listed: [link] });
    expect([files.length, unmatched, unreadable.map(({ subject }) => subject)]).toEqual([1, [], [link, link]]);
    expect(unreadable[0]?.error).toBeInstanceOf(StorageUnavailableError);
  });

  test.each(["d", "d/**"])("a folder below %s whose name is no text", async (input) => {
    const folder = await makeTree();
    await mkdir(Buffer.concat([Buffer.from(`${folder}/d/sub/`), Buffer.from([0xff])]));
    const { files, unmatched, unreadable } = await findInputs([join(folder, input)]);
    expect(files.length).toBeGreaterThan(4);
    expect([unmatched, unreadable.map(({ subject }) => subject)]).toEqual([[], [`${folder}/d/sub/\uFFFD`]]);
  });
});

describe("what stands for nothing is told of, and takes nothing else with it", () => {
  test.each(["none.wav", "d/*.flac", "none/**", "d/a.wav/*", `d/${"x".repeat(300)}`, "d/[2].wav", ""])(
    "%j",
    async (input) => {
      const folder = await makeTree();
      const named = input === "" ? "" : join(folder, input);
      const { files, unmatched } = await findInputs([named, join(folder, "d/a.wav")]);
      expect([files.length, unmatched]).toEqual([1, [named]]);
    },
  );

  test("a pipe, which would never end, and a device", async () => {
    const pipe = join(await makeTemporaryFolder(), "pipe.wav");
    execFileSync("mkfifo", [pipe]);
    expect((await findInputs([pipe, "/dev/zero"])).unmatched).toEqual([pipe, "/dev/zero"]);
  });
});

test("links: one that is named is followed, those in a folder are not", async () => {
  const folder = await makeTree();
  await symlink("..", join(folder, "d/sub/loop"));
  await symlink("a.wav", join(folder, "d/link.wav"));
  expect(await placesOf(join(folder, "d/link.wav"))).toEqual(["link.wav"]);
  expect(await placesOf(join(folder, "d/sub"))).toEqual(["b.MP3", "deep/c.opus"]);
  expect(await placesOf(join(folder, "d"))).not.toContain("link.wav");
});

describe("a listed path", () => {
  test("is no glob, and is told of when nothing stands there", async () => {
    const folder = await makeTree();
    const listed = ["d/[1].wav", "d/*.wav", "d/a.wav/b"].map((path) => join(folder, path));
    const { files, unmatched } = await findInputs([], { listed });
    expect([files.map(({ path }) => path), unmatched]).toEqual([listed.slice(0, 1), listed.slice(1)]);
  });

  test("keeps its folders below the working folder, or below the root, and never leads out of them", async () => {
    const outside = await makeTree();
    const listed = ["./test/../test/unit/io/find-inputs.test.ts", `${outside}/d/a.wav`, `${outside}/d/sub`];
    const { files } = await findInputs([], { listed });
    const place = relative("/", outside);
    expect(files.map(({ relativePath }) => relativePath)).toEqual([
      "test/unit/io/find-inputs.test.ts",
      `${place}/d/a.wav`,
      `${place}/d/sub/b.MP3`,
      `${place}/d/sub/deep/c.opus`,
    ]);
    const climbing = relative(".", `${outside}/d/a.wav`);
    expect((await findInputs([], { listed: [climbing] })).files[0]?.relativePath).toBe(`${place}/d/a.wav`);
  });

  test("that an argument reaches as well is taken once", async () => {
    const path = join(await makeTree(), "d/a.wav");
    expect((await findInputs([path], { listed: [path] })).files.map(({ relativePath }) => relativePath)).toEqual([
      "a.wav",
    ]);
  });
});
