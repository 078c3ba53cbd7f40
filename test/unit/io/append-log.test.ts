import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AppendLog } from "../../../src/io/append-log.ts";
import { NotFoundError, StorageFullError, StorageUnavailableError } from "../../../src/io/errors.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

async function newPath(): Promise<string> {
  return join(await makeTemporaryFolder(), "events", "log.ndjson");
}

describe("AppendLog", () => {
  test("makes its folder and keeps lines in the order of the calls", async () => {
    const path = await newPath();
    const log = await AppendLog.open(path);
    const lines = Array.from({ length: 100 }, (_, index) => `{"n":${index}}`);
    await Promise.all(lines.map((line) => log.append(line)));
    await log.append('{"last":"é"}');
    expect(await readFile(path, "utf8")).toBe(`${[...lines, '{"last":"é"}'].join("\n")}\n`);
  });

  test("has settled only when all that was appended is in the file", async () => {
    const path = await newPath();
    const log = await AppendLog.open(path);
    void log.append("1");
    await Promise.resolve();
    void log.append("2");
    await log.settled();
    expect(await readFile(path, "utf8")).toBe("1\n2\n");
  });

  test.each([
    ["nothing", "", "3\n"],
    ["whole lines", "1\n2\n", "1\n2\n3\n"],
    ["half a line", '{"a":1}\n{"b', '{"a":1}\n3\n'],
    ["half a line alone", '{"b', "3\n"],
    ["half a line longer than one reading", `{}\n{"${"x".repeat(200_000)}`, "{}\n3\n"],
    ["half a letter", Buffer.from('{}\n{"é').subarray(0, 6), "{}\n3\n"],
    ["zeros, as after a power cut", `{}\n${"\0".repeat(70_000)}`, "{}\n3\n"],
    ["a whole line without its end", '{"a":1}\n{"b":2}', '{"a":1}\n{"b":2}\n3\n'],
  ])("goes on after %s", async (_what, before, after) => {
    const path = join(await makeTemporaryFolder(), "log.ndjson");
    await writeFile(path, before);
    const log = await AppendLog.open(path);
    await log.append("3");
    expect(await readFile(path, "utf8")).toBe(after);
  });

  test("fails when the file was removed, and does not make it anew", async () => {
    const path = await newPath();
    const log = await AppendLog.open(path);
    await log.append("1");
    await rm(path);
    await expect(log.append("2")).rejects.toThrow(NotFoundError);
    await expect(readFile(path)).rejects.toThrow("ENOENT");
    await writeFile(path, "1\n");
    await log.append("3");
    expect(await readFile(path, "utf8")).toBe("1\n3\n");
  });

  test("tells everyone in a batch that it failed", async () => {
    const log = await AppendLog.open("/dev/full");
    const outcomes = await Promise.allSettled(["1", "2", "3"].map((line) => log.append(line)));
    expect(outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason.constructor)).toEqual(
      Array(3).fill(StorageFullError),
    );
    await log.settled();
  });

  test("cannot be opened where a folder stands", async () => {
    await expect(AppendLog.open(await makeTemporaryFolder())).rejects.toThrow(StorageUnavailableError);
  });
});
