import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadSourceList } from "../../../src/io/load-source-list.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

async function makeList(name: string, text: string | Uint8Array): Promise<string> {
  const path = join(await makeTemporaryFolder(), name);
  await writeFile(path, text);
  return path;
}

async function load(name: string, text: string | Uint8Array): Promise<readonly string[]> {
  return loadSourceList(await makeList(name, text));
}

describe("paths come in order, each once, as they stand there", () => {
  test.each([
    ["plain text", "list.txt", "b.wav\n\n a,1.wav \n#x.wav\nb.wav\n", ["b.wav", " a,1.wav ", "#x.wav"]],
    ["a name without an ending", "list", 'a[1].wav\n"q".wav', ["a[1].wav", '"q".wav']],
    ["CSV", "list.csv", 'id,path,note\n1,b.wav,\n\n2,"a,""1"".wav",x\n3,b.wav,\n', ["b.wav", 'a,"1".wav']],
    ["CSV over several lines", "LIST.CSV", 'path,note\na.wav,"one\ntwo"\n"b\n.wav",\n', ["a.wav", "b\n.wav"]],
    ["NDJSON", "list.ndjson", '{"path":"b\\u00e9.wav","x":1}\n\n{"path":"a.wav"}', ["bé.wav", "a.wav"]],
    ["JSON lines", "list.jsonl", '{"path":"a.wav"}\n{"path":"a.wav"}\n', ["a.wav"]],
  ])("%s", async (_, name, text, paths) => {
    expect(await load(name, text)).toEqual(paths);
    expect(await load(name, `\uFEFF${text.replaceAll(/(?<!one|"b)\n/g, "\r\n")}`)).toEqual(paths);
  });
});

describe("one bad line refuses the list, and is named", () => {
  test.each([
    ["list.csv", "path\na.wav\n\n,\n", /: .*list\.csv, line 4$/],
    ["list.csv", "id,path\n1,a.wav\n2,\n", /^an empty path: .*, line 3$/],
    ["list.csv", 'path\n"a\nb.wav"\n"c.wav', /^no CSV: .*, line 4$/],
    ["list.csv", "name;path\na;b.wav\n", /^no column called path: .*, line 1$/],
    ["list.ndjson", '{"path":"a.wav"}\n\n{"path":7}\n', /^no path: .*, line 3$/],
    ["list.ndjson", '{"path":"a.wav"}\n{"path":"b', /^no path: .*, line 2$/],
    ["list.ndjson", "null\n", /^no path: .*, line 1$/],
    ["list.ndjson", '"path"\n', /^no path: .*, line 1$/],
    ["list.txt", Buffer.from("a.wav\nb\xe9.wav\n", "latin1"), /^a path that is no UTF-8: .*, line 2$/],
    ["list.txt", Buffer.from("a.wav\n", "utf16le"), /^a path with a NUL.*, line 1$/],
  ])("%s: %j", async (name, text, message) => {
    await expect(load(name, text)).rejects.toMatchObject({
      code: "INPUT_LIST_INVALID",
      message: expect.stringMatching(message),
    });
  });
});

test.each([
  ["list.txt", "\n\r\n"],
  ["list.csv", "path,id\n"],
  ["list.csv", ""],
  ["list.ndjson", ""],
])("a list that names nothing is no success: %s %j", async (name, text) => {
  await expect(load(name, text)).rejects.toMatchObject({ code: "NOTHING_TO_DO" });
});

test.each(["none.txt", "none.csv", "none.ndjson"])("a list that is not there is named: %s", async (name) => {
  const path = join(await makeTemporaryFolder(), name);
  await expect(loadSourceList(path)).rejects.toMatchObject({
    code: "INPUT_LIST_INVALID",
    message: expect.stringContaining(name),
  });
});

test("lines that lie across the pieces that a file is read in stay whole", async () => {
  const paths = Array.from({ length: 60_000 }, (_, index) => `2024/é/${index}/${"x".repeat(index % 50)}.wav`);
  expect(await load("list.txt", paths.join("\n"))).toEqual(paths);
  expect(await load("list.csv", `path\n${paths.join("\n")}`)).toEqual(paths);
});
