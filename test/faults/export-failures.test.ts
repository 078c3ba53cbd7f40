import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { flipByte } from "../helpers/archive-harms.ts";
import { CASE, CASE_ENV, makeCaseArchive } from "../helpers/case-archive.ts";
import { NEVER_ENDS, waitForPids, waitUntilGone, writeFakeFfmpeg } from "../helpers/fake-ffmpeg.ts";
import { AS_USER, giveToUser, needProgram } from "../helpers/powerless-user.ts";
import { finish, type Ran, runHoldfast, startHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { issueTinyTsa, makeTinyPki, NO_OPENSSL, openTinyTsa } from "../helpers/tiny-tsa.ts";

const DAY = "archive/recordings/2024/01/15";
const EXPORT = ["export", "--case", "C", "--out", "out"] as const;

let model: string;
beforeAll(async () => {
  model = await mkdtemp(join(tmpdir(), "holdfast-export-"));
  await makeCaseArchive(model);
});
afterAll(() => rm(model, { recursive: true, force: true }));

/** A copy of the archive that a test may harm. */
async function copyModel(): Promise<string> {
  const cwd = await makeTemporaryFolder();
  await cp(model, cwd, { recursive: true });
  return cwd;
}

/** Sees that an export left nothing but its folder, told the ledger of nothing, and spoke as one speaks to a person. */
async function assertNothingLeft(cwd: string, { stdout, stderr }: Pick<Ran, "stdout" | "stderr">): Promise<void> {
  expect(await readdir(join(cwd, "out")).catch(() => [])).toEqual([]);
  expect(`${stdout}${stderr}`).not.toMatch(/\n +at |this is a bug/);
  expect(await readFile(join(cwd, "archive/ledger/events.ndjson"), "utf8")).not.toContain('"exported"');
}

async function exportJson(cwd: string, ...args: readonly string[]) {
  const ran = await runHoldfast([...EXPORT, ...args, "--json", "--quiet"], { cwd, env: CASE_ENV });
  return { ...ran, report: JSON.parse(ran.stdout) };
}

describe("nothing is exported, and it is said why, of", () => {
  test("originals that are missing, changed or cut: each a finding, and exit 4", async () => {
    const cwd = await copyModel();
    await rm(join(cwd, DAY, "rec_anna.mp3"));
    await flipByte(join(cwd, DAY, "rec_anna_2.wav"), 60);
    await truncate(join(cwd, DAY, "rec_bert.opus"), 500);
    const { code, report, ...ran } = await exportJson(cwd, "--hold", CASE);
    expect([code, report.outcome, report.failures]).toEqual([4, "findings", []]);
    expect(tell(report.findings, "kind")).toEqual([
      "rec_anna.mp3: missing",
      "rec_anna_2.wav: digest-mismatch",
      "rec_bert.opus: size-mismatch",
    ]);
    expect([report.package, report.counts.done]).toEqual([null, 0]);
    await assertNothingLeft(cwd, ran);
  });

  test("records that are missing or changed, and audio without its key, or whose key was destroyed", async () => {
    const cwd = await copyModel();
    await rm(join(cwd, DAY, "rec_anna.json"));
    await appendFile(join(cwd, DAY, "rec_bert.json"), " ");
    await rm(join(cwd, "holdfast.config.json"));
    const ids = ["rec_anna", "rec_anna_2", "rec_bert", "rec_lost", "rec_sealed"].flatMap((id) => ["--recording", id]);
    const { code, report, ...ran } = await exportJson(cwd, ...ids);
    expect([code, report.outcome, report.package, report.findings]).toEqual([1, "failed", null, []]);
    expect(tell(report.failures, "code")).toEqual([
      "rec_anna: STORAGE_NOT_FOUND",
      "rec_bert: SIDECAR_INVALID",
      "rec_lost: ENCRYPTION_KEY_DESTROYED",
      "rec_sealed: ENCRYPTION_KEY_MISSING",
    ]);
    await assertNothingLeft(cwd, ran);
  });

  test("a tombstone that is not the one that was written", async () => {
    const cwd = await copyModel();
    await appendFile(join(cwd, DAY, "rec_gone.json"), " ");
    const { code, report, ...ran } = await exportJson(cwd, "--hold", CASE);
    expect([code, report.failures[0]]).toMatchObject([1, { code: "DIGEST_MISMATCH" }]);
    expect(report.failures[0].message).toContain("rec_gone.json");
    await assertNothingLeft(cwd, ran);
  });

  test("what was named and is not there, by its name, though the rest is", async () => {
    const cwd = await copyModel();
    const args = ["--recording", "rec_nope", "--recording", "rec_bert", "--call-id", "call_nope", "nofile.mp3"];
    const { code, report, ...ran } = await exportJson(cwd, ...args);
    expect([code, report.outcome, report.package]).toEqual([1, "failed", null]);
    const subjects = report.failures.map(({ subject }: { subject: string }) => subject).toSorted();
    expect(subjects).toEqual(["call_nope", "nofile.mp3", "rec_nope"]);
    await assertNothingLeft(cwd, ran);
  });

  test("what is no file of its own, and what lies in an archive", async () => {
    const cwd = await copyModel();
    await mkdir(join(cwd, "in"));
    await symlink("/etc/passwd", join(cwd, "in/link"));
    const link = await exportJson(cwd, "in");
    expect([link.code, link.report.failures[0]]).toMatchObject([1, { subject: "in/link" }]);
    const inside = await exportJson(cwd, `${DAY}/rec_anna.mp3`);
    expect([inside.code, inside.report.failures[0].code]).toEqual([1, "ARCHIVE_CONFLICT"]);
    await assertNothingLeft(cwd, inside);
  });
});

/** What findings or failures come to, by the last part of what they are about. */
function tell(items: readonly Record<string, string>[], field: string): readonly string[] {
  return items.map((item) => `${basename(item["subject"] ?? "")}: ${item[field]}`).toSorted();
}

describe("a place where no package can be", () => {
  test("what has its name is left as it is, also a link to nowhere", async () => {
    const cwd = await copyModel();
    await mkdir(join(cwd, "out"));
    await writeFile(join(cwd, "out/C.zip"), "mine");
    await symlink("/nonexistent", join(cwd, "out/C"));
    for (const form of ["dir", "zip"]) {
      const { code, report } = await exportJson(cwd, "--recording", "rec_bert", "--package", form);
      expect([code, report.failures[0].code]).toEqual([1, "STORAGE_CONFLICT"]);
    }
    expect(await readdir(join(cwd, "out"))).toEqual(["C", "C.zip"]);
    expect(await readFile(join(cwd, "out/C.zip"), "utf8")).toBe("mine");
  });

  test("is the archive itself, and a file", async () => {
    const cwd = await copyModel();
    const folder = join(cwd, "archive/recordings");
    const before = await readdir(folder);
    const args = ["export", "--case", "C", "--recording", "rec_bert", "--json", "--out"];
    const run = (out: string) => runHoldfast([...args, out], { cwd, env: CASE_ENV });
    expect(JSON.parse((await run("archive/recordings/new")).stdout).failures[0].code).toBe("ARCHIVE_CONFLICT");
    expect(JSON.parse((await run("holdfast.config.json")).stdout).failures[0].code).toBe("STORAGE_UNAVAILABLE");
    expect(await readdir(folder)).toEqual(before);
  });

  test("is one without the right to write", async ({ skip }) => {
    const cwd = await makeTemporaryFolder();
    await needProgram(skip, cwd);
    for (const name of ["note.txt", "other.txt"]) await writeFile(join(cwd, name), "x");
    await giveToUser(cwd);
    await mkdir(join(cwd, "out"), { mode: 0o555 });
    const ran = await runHoldfast([...EXPORT, "note.txt", "other.txt"], { cwd, ...AS_USER });
    expect([ran.code, ran.stderr]).toEqual([
      1,
      expect.stringMatching(/^holdfast: EACCES .*\(STORAGE_UNAVAILABLE\)\n$/),
    ]);
    expect(await readdir(join(cwd, "out"))).toEqual([]);
  });

  test.for(["dir", "zip"])("is a disk that gets full on the way (%s)", async (form, { skip }) => {
    const cwd = await makeTemporaryFolder();
    const disk = join(cwd, "disk");
    await mkdir(disk);
    const size = form === "dir" ? "size=3m" : "size=8m";
    const { status, stderr, error } = spawnSync("mount", ["-t", "tmpfs", "-o", size, "tmpfs", disk]);
    if (status !== 0) return skip(`no small disk can be mounted here: ${error?.message ?? stderr.toString().trim()}`);
    onTestFinished(() => {
      execFileSync("umount", [disk]);
    });
    for (const name of ["a", "b", "c"]) await writeFile(join(cwd, name), Buffer.alloc(2 << 20, name));
    const args = ["export", "--case", "C", "--out", "disk/out", "a", "b", "c", "--package", form];
    const ran = await runHoldfast(args, { cwd });
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringMatching(/^holdfast: .*\(STORAGE_FULL\)\n.*hint/)]);
    expect(await readdir(join(disk, "out"))).toEqual([]);
    execFileSync("mount", ["-o", "remount,size=64m", disk]);
    expect((await runHoldfast(args, { cwd })).code).toBe(0);
  });
});

describe("a time stamp that cannot be had leaves no package:", () => {
  const stamp = async (cwd: string, url: string, ...args: readonly string[]) => {
    const { code, report, ...ran } = await exportJson(cwd, "--recording", "rec_bert", "--tsa", url, ...args);
    await assertNothingLeft(cwd, ran);
    return [code, report.failures[0].code];
  };

  test("nobody is there, or somebody who says something else", async () => {
    const cwd = await copyModel();
    expect(await stamp(cwd, await toDeafAddress())).toEqual([1, "TIMESTAMP_FAILED"]);
    const { url } = await openServer((response) => response.end("hello"));
    expect(await stamp(cwd, url)).toEqual([1, "TIMESTAMP_INVALID"]);
  });

  test.skipIf(NO_OPENSSL !== "")(`the authority is another one${NO_OPENSSL}`, async () => {
    const cwd = await copyModel();
    const [pki, other] = [
      await makeTinyPki(await makeTemporaryFolder()),
      await makeTinyPki(await makeTemporaryFolder()),
    ];
    await issueTinyTsa(pki);
    await writeFile(join(cwd, "root.pem"), await issueTinyTsa(other));
    const found = await stamp(cwd, await openTinyTsa(pki), "--tsa-ca", "root.pem");
    expect(found).toEqual([1, "TIMESTAMP_INVALID"]);
  });
});

test.skipIf(NO_OPENSSL !== "")(`what changes on the disk after it was written gets no name${NO_OPENSSL}`, async () => {
  const cwd = await copyModel();
  const pki = await makeTinyPki(await makeTemporaryFolder());
  await issueTinyTsa(pki);
  // The stamp is asked for when all is written, and before any of it is verified.
  const harm = (query: Buffer) => {
    const [staged = ""] = readdirSync(join(cwd, "out"));
    writeFileSync(join(cwd, "out", staged, "data/originals/rec_bert.opus"), "x", { flag: "r+" });
    return query;
  };
  const url = await openTinyTsa(pki, { alterQuery: harm });
  const { code, report, ...ran } = await exportJson(cwd, "--recording", "rec_bert", "--tsa", url);
  expect([code, report.package, tell(report.findings, "kind")]).toEqual([4, null, ["rec_bert.opus: digest-mismatch"]]);
  await assertNothingLeft(cwd, ran);
});

describe("ended on the way", () => {
  test("by SIGINT, while copies for listening are made: 130, and nothing is left", async () => {
    const cwd = await copyModel();
    const ffmpeg = await writeFakeFfmpeg(cwd, NEVER_ENDS);
    const args = [...EXPORT, "--recording", "rec_anna_2", "--with", "mp3", "--json", "--ffmpeg", ffmpeg];
    const child = startHoldfast(args, { cwd, env: CASE_ENV });
    const ended = finish(child);
    const pids = await waitForPids(cwd);
    child.kill("SIGINT");
    const ran = await ended;
    expect([ran.code, JSON.parse(ran.stdout).outcome]).toEqual([130, "cancelled"]);
    await waitUntilGone(pids);
    await assertNothingLeft(cwd, ran);
  });

  test.each(["SIGINT", "SIGKILL"] as const)(
    "by %s, when all is written and the time is awaited; the next run finds its way clear",
    async (signal) => {
      const cwd = await copyModel();
      const { url, asked } = await openServer(() => undefined);
      const args = [...EXPORT, "--recording", "rec_bert", "--package", "zip"];
      const child = startHoldfast([...args, "--tsa", url], { cwd, env: CASE_ENV });
      const ended = finish(child);
      await asked;
      child.kill(signal);
      const ran = await ended;
      const left = await readdir(join(cwd, "out"));
      if (signal === "SIGKILL") expect(left).toEqual([expect.stringMatching(/^\..+\.part$/)]);
      else expect([ran.code, left]).toEqual([130, []]);
      const next = await runHoldfast(args, { cwd, env: CASE_ENV });
      expect([next.code, await readdir(join(cwd, "out"))]).toEqual([0, ["C.zip"]]);
    },
  );
});

/** An address at which nothing listens any more. */
async function toDeafAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/`;
}

/** Starts a server that stops when the test ends. */
async function openServer(answer: (response: ServerResponse) => void) {
  const server = createServer((_, response) => answer(response));
  const asked = once(server, "request");
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}
