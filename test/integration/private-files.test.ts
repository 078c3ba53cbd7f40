import { spawn } from "node:child_process";
import { chmod, mkdir, readdir, stat, truncate, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { finish, runHoldfast } from "../helpers/run-holdfast.ts";
import { readFixture } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { openTinyVendor } from "../helpers/tiny-vendor.ts";

const BIN = join(import.meta.dirname, "../../bin/holdfast.js");
const WAV = join(import.meta.dirname, "../../fixtures/audio/ok/wav-128k-8000.wav");
const DAY = "recordings/2024/01/15";
const bytes = await readFixture("mp3-32k-8000.mp3");

/** Starts the program as from a shell with this umask, where a vendor's key and secret are set. */
function startUnder(umask: string, args: readonly string[], { cwd, baseUrl }: { cwd: string; baseUrl: string }) {
  const env = {
    PATH: "/nonexistent",
    HOME: cwd,
    AUDIAN_BASE_URL: baseUrl,
    AUDIAN_API_KEY: "key",
    AUDIAN_WEBHOOK_SECRET: "secret",
  };
  const line = ["-c", 'umask "$0"; exec "$@"', umask, process.execPath, BIN, ...args];
  return spawn("/bin/sh", line, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
}

async function runUnder(...run: Parameters<typeof startUnder>): Promise<number | null> {
  return (await finish(startUnder(...run))).code;
}

/** The modes of a folder and of all that is in it, by their paths. */
async function listModes(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = [folder, ...entries.map((entry) => join(entry.parentPath, entry.name))];
  const modes = paths.map(async (path) => [relative(folder, path), await modeOf(path)] as const);
  return new Map(await Promise.all(modes));
}

async function modeOf(path: string): Promise<string> {
  const stats = await stat(path);
  return `${stats.isDirectory() ? "folder" : "file"} ${(stats.mode & 0o777).toString(8)}`;
}

const notPrivate = (modes: ReadonlyMap<string, string>) =>
  [...modes].filter(([, mode]) => mode !== "file 600" && mode !== "folder 700");

describe("where the umask takes nothing", () => {
  test("what is made in an archive is its owner's alone", async () => {
    const cwd = await makeTemporaryFolder();
    const archive = join(cwd, "archive");
    const vendor = await openTinyVendor(["rec_1", "rec_2", "rec_3"].map((id) => ({ id, bytes })));
    const events = join(cwd, "events.ndjson");
    await writeFile(events, `${vendor.eventLine("rec_3", "0".repeat(64))}\n`);
    const where = { cwd, baseUrl: vendor.baseUrl };
    expect(await runUnder("000", ["fetch", "--events", events, "--until", "2100-01-01"], where)).toBe(4);
    expect(await runUnder("000", ["convert", "--to", "opus,wav"], where)).toBe(0);
    await truncate(join(archive, DAY, "rec_1.mp3"), 100);
    expect(await runUnder("000", ["verify", "--quarantine"], where)).toBe(4);
    const modes = await listModes(archive);
    const kinds = ["holdfast.json", "catalogue.sqlite", "tmp/writer.lock", `${DAY}/rec_2.mp3`, `${DAY}/rec_2.json`];
    expect([...modes.keys()]).toEqual(expect.arrayContaining(["", "tmp", "quarantine", DAY, ...kinds]));
    expect([...modes.keys()].filter((path) => /rec_2\..*(opus|wav)$/.test(path))).toHaveLength(2);
    // The bytes that are not what was promised, and those that were cut, each with a note.
    expect([...modes.keys()].filter((path) => path.startsWith("quarantine/rec_"))).toHaveLength(4);
    expect(notPrivate(modes)).toEqual([]);
  });

  test("also while a run is at work", async () => {
    const cwd = await makeTemporaryFolder();
    const archive = join(cwd, "archive");
    const vendor = await openTinyVendor([{ id: "rec_1", bytes, dripMs: 5000 }]);
    const fetching = startUnder("000", ["fetch", "--watch", "--listen", "0"], { cwd, baseUrl: vendor.baseUrl });
    const ended = finish(fetching);
    const inTheMaking = ["catalogue.sqlite-wal", "catalogue.sqlite-shm", "events/received.ndjson"];
    const partial = expect.stringMatching(/^tmp\/rec_1\..*\.partial$/);
    const listed = async () => [...(await listModes(archive).catch(() => new Map<string, string>())).keys()];
    await expect.poll(listed, { timeout: 20_000 }).toEqual(expect.arrayContaining([...inTheMaking, partial]));
    const modes = await listModes(archive);
    fetching.kill("SIGKILL");
    await ended;
    expect(notPrivate(modes)).toEqual([]);
  });
});

test("a folder and files that are there keep their modes, and doctor tells of the folder", async () => {
  const cwd = await makeTemporaryFolder();
  const archive = join(cwd, "archive");
  await mkdir(archive);
  await chmod(archive, 0o750);
  const vendor = await openTinyVendor([{ id: "rec_1", bytes }]);
  expect(await runUnder("022", ["fetch"], { cwd, baseUrl: vendor.baseUrl })).toBe(0);
  await chmod(join(archive, DAY, "rec_1.mp3"), 0o640);
  expect(await runUnder("022", ["convert", "--to", "opus"], { cwd, baseUrl: vendor.baseUrl })).toBe(0);
  expect(notPrivate(await listModes(archive))).toEqual([
    ["", "folder 750"],
    [`${DAY}/rec_1.mp3`, "file 640"],
  ]);
  expect(await askDoctor(cwd, "archive")).toMatchObject({ status: "open", message: expect.stringContaining("0750") });
  await chmod(archive, 0o700);
  expect(await askDoctor(cwd, "archive")).toMatchObject({ status: "ok", message: "./archive" });
});

test("what is made outside an archive goes by the umask", async () => {
  const cwd = await makeTemporaryFolder();
  const where = { cwd, baseUrl: "http://127.0.0.1:9" };
  expect(await runUnder("027", ["convert", WAV, "--to", "mp3", "--out", "out"], where)).toBe(0);
  expect(await runUnder("027", ["seal", "out"], where)).toBe(0);
  expect(new Set((await listModes(join(cwd, "out"))).values())).toEqual(new Set(["folder 750", "file 640"]));
});

test("a key's file that others may read is told of once, and by doctor", async () => {
  const cwd = await makeTemporaryFolder();
  const vendor = await openTinyVendor([{ id: "rec_1", bytes }]);
  for (const [name, mode] of [
    ["open", 0o644],
    ["wide", 0o606],
    ["closed", 0o600],
  ] as const) {
    await writeFile(join(cwd, name), "key");
    await chmod(join(cwd, name), mode);
  }
  const told = async (key: string, secret: string) => {
    const files = ["--api-key-file", key, "--webhook-secret-file", secret];
    const env = { AUDIAN_BASE_URL: vendor.baseUrl };
    const { code, stderr } = await runHoldfast(["fetch", ...files], { cwd, env });
    expect(code).toBe(0);
    return stderr.split("\n").filter((line) => line.includes("others than its owner"));
  };
  expect(await told("closed", "closed")).toEqual([]);
  expect(await told("open", "wide")).toEqual(
    [/wide/, /\(mode 0644\): open; chmod 600 it$/].map((words) => expect.stringMatching(words)),
  );
  expect(await askDoctor(cwd, "key", "--api-key-file", "open")).toMatchObject({ status: "open" });
  expect(await askDoctor(cwd, "key", "--api-key-file", "closed")).toMatchObject({ status: "ok" });
});

async function askDoctor(cwd: string, subject: string, ...args: readonly string[]): Promise<unknown> {
  const { code, stdout } = await runHoldfast(["doctor", "--json", ...args], { cwd });
  expect(code).toBe(0);
  return JSON.parse(stdout).results.find((result: { subject: string }) => result.subject === subject);
}
