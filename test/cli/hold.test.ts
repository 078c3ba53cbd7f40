import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { toErrorExitCode } from "../../src/cli/exit-codes.ts";
import { parseCommandLine } from "../../src/cli/parse-command-line.ts";
import { generateSigningKey } from "../../src/signing/signing-key.ts";
import { toSshSignature } from "../../src/signing/ssh-signature.ts";
import { listTree } from "../helpers/list-tree.ts";
import { openTestArchive } from "../helpers/open-test-archive.ts";
import { openVendorServer, readSample, runApi } from "../helpers/run-api.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { readFixture, storeRecording } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

/** Makes a folder with an archive of one recording, holds another one for Smith if that is named, and gives what runs a command in it. */
async function openFolder(heldId?: string) {
  const cwd = await makeTemporaryFolder();
  const archive = await openTestArchive(cwd);
  await storeRecording(archive, "rec_1", await readFixture("opus-16k-8000.opus"));
  const criteria = { kind: "named", recordingIds: [heldId], callIds: [] };
  if (heldId !== undefined) await archive.record([{ type: "held", subject: "Smith", detail: { criteria } }]);
  await archive.close();
  return { cwd, run: (...args: readonly string[]) => runHoldfast(["hold", ...args], { cwd }) };
}

test("recordings are held, listed, and released", async () => {
  const { cwd, run } = await openFolder();
  await writeFile(join(cwd, "ids.txt"), "# of the letter\nrec_1\nrec_9\n");
  const dry = await run("add", "Smith", "--list", "ids.txt", "--dry-run");
  expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining("dry run: nothing was changed")]);
  const added = await run("add", "Smith", "--list", "ids.txt", "--recording", "rec_8", "--reason", "a letter");
  expect([added.code, added.stdout]).toEqual([
    0,
    expect.stringMatching(/catches 1 recording .*\n2 not in the archive.*: rec_8 rec_9/),
  ]);
  const [result] = JSON.parse((await run("list", "--recording", "rec_1", "--json")).stdout).results;
  expect(result).toMatchObject({ case: "Smith", certainty: "certain", heldBy: "ada@lovelace", reason: "a letter" });
  const released = await run("release", "Smith", "--reason", "settled");
  expect([released.code, released.stdout]).toEqual([0, expect.stringContaining("released Smith: 1 hold\n")]);
  const after = await run("list", "--released");
  expect(after.stdout).toMatch(/Smith, held .*: released .* by ada@lovelace: settled/);
});

test("with two people needed, one is refused with 5 and told how the other approves; then both may", async () => {
  const { cwd, run } = await openFolder("rec_1");
  const key = generateSigningKey();
  await writeFile(join(cwd, "approvers"), `bob@firm ${key.publicKey.toSshLine()}\nnobody\n`);
  const holds = { releaseNeeds: 2, approversFile: "approvers" };
  await writeFile(join(cwd, "holdfast.config.json"), JSON.stringify({ holds }));
  const release = ["release", "Smith", "--reason", "settled"] as const;
  const alone = await run(...release, "--statement", "statement.json", "--json");
  expect([alone.code, JSON.parse(alone.stdout).outcome]).toEqual([5, "refused"]);
  expect(alone.stderr).toContain("approvers: line 2 allows nobody");
  const told = await run(...release, "--statement", "statement.json", "--quiet");
  expect(told.stdout).toMatch(/ssh-keygen -Y sign -f KEY -n holdfast-hold-release statement.json/);
  const statement = await readFile(join(cwd, "statement.json"));
  const signature = toSshSignature(statement, { key, namespace: "holdfast-hold-release" });
  await writeFile(join(cwd, "statement.json.sig"), signature);
  const other = await run(
    "release",
    "Smith",
    "--reason",
    "other",
    "--statement",
    "statement.json",
    "--approval",
    "statement.json.sig",
  );
  expect([other.code, other.stderr]).toEqual([1, expect.stringContaining("no statement is replaced")]);
  const both = await run(...release, "--approval", "statement.json.sig");
  expect([both.code, both.stdout]).toEqual([0, expect.stringContaining("approved by bob@firm")]);
  expect((await listTree(cwd)).filter((path) => /part$/.test(path))).toEqual([]);
});

test("an approval that nobody could check is a configuration error, and nothing is released", async () => {
  const { cwd, run } = await openFolder("rec_1");
  await writeFile(join(cwd, "a.sig"), "x");
  const ran = await run("release", "Smith", "--reason", "settled", "--approval", "a.sig");
  expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining("holds.approversFile is not set")]);
  const { holds } = await (await openTestArchive(cwd)).holds();
  expect(holds).toMatchObject([{ case: "Smith", release: undefined }]);
});

test("there is nothing to hold where there is no archive, and none is made", async () => {
  const cwd = await makeTemporaryFolder();
  const { code, stderr } = await runHoldfast(["hold", "add", "Smith", "--recording", "rec_1"], { cwd });
  expect([code, stderr]).toEqual([1, expect.stringContaining("ARCHIVE_NOT_FOUND")]);
  expect(await listTree(cwd)).toEqual([]);
});

describe("what cannot be meant is refused before the archive is opened", () => {
  test.each([
    [["add", "Smith"], /what is to be held/],
    [["add", "Smith", "--recording", "a", "--from", "+1"], /not both/],
    [["add", "Smith", "--list", "a", "--since", "2024-01-01"], /not both/],
    [["add", "Smith", "--since", "2024-01-02", "--until", "2024-01-02"], /nothing would fit/],
    [["add", "Smith", "--call-id", "a\nb"], /--call-id takes one line/],
    [["add", " ", "--recording", "a"], /a case is named/],
    [["add", "x".repeat(201), "--recording", "a"], /1 to 200 characters/],
    [["add", "a\u2028b", "--recording", "a"], /in one line/],
    [["release", "Smith"], /--reason/],
    [["list", "--dry-run"], /no dry run/],
    [["list", "--recording", "a", "--released"], /exclusive/],
  ] as const)("hold %j", async (args, message) => {
    const parsed = parseCommandLine(["hold", ...args], COMMANDS);
    const error = await parsed.then(
      () => undefined,
      (thrown: Error) => [thrown.message, toErrorExitCode(thrown)],
    );
    expect(error).toEqual([expect.stringMatching(message), 2]);
  });
});

describe("deleting at the vendor by hand", () => {
  test("asks the archive's holds first, and tells its ledger after", async () => {
    const reply = await readSample("recording-deleted");
    const { cwd, run } = await openFolder(reply.recording_id);
    const server = await openVendorServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ data: reply }));
    });
    const held = await runApi(server, ["recordings", "delete", reply.recording_id, "--yes", "--json"], cwd);
    expect([held.code, JSON.parse(held.stdout).outcome, server.requests.length]).toEqual([5, "refused", 0]);
    expect(held.stderr).toContain("held for Smith");
    await run("release", "Smith", "--reason", "settled");
    const free = await runApi(server, ["recordings", "delete", reply.recording_id, "--yes"], cwd);
    expect([free.code, free.stderr, server.requests.length]).toEqual([0, "", 1]);
    const archive = await openTestArchive(cwd);
    const events = [];
    for await (const event of archive.ledger.find(["purged"])) events.push(event);
    const detail = { via: "api", deletedAt: reply.deleted_at };
    expect(events).toMatchObject([{ subject: reply.recording_id, detail }]);
  });

  test("says so where there is no archive to ask", async () => {
    const server = await openVendorServer((_, response) => response.writeHead(404).end());
    const { stderr, files } = await runApi(server, ["recordings", "delete", "rec_1", "--yes"]);
    expect(stderr).toContain("no archive at ./archive: no legal holds were asked for");
    expect(files).toEqual([]);
  });
});
