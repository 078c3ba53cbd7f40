import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { generateSigningKey, toOpenSshPrivateKey } from "../../src/signing/signing-key.ts";
import { listTree } from "../helpers/list-tree.ts";
import { openTestArchive } from "../helpers/open-test-archive.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { readFixture, storeRecording } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

/** Makes a folder with an archive of one recording, held for Smith, and gives what runs a command in it. */
async function openFolder() {
  const cwd = await makeTemporaryFolder();
  const archive = await openTestArchive(cwd);
  await storeRecording(archive, "rec_1", await readFixture("opus-16k-8000.opus"));
  const criteria = { kind: "named", recordingIds: ["rec_1"], callIds: [] };
  await archive.record([{ type: "held", subject: "Smith", detail: { criteria } }]);
  await archive.close();
  const events = join(cwd, "archive", "ledger", "events.ndjson");
  const run = (args: readonly string[], env = {}) => runHoldfast(["--archive", "archive", ...args], { cwd, env });
  return { cwd, events, run };
}

test("where the ledger is broken the files are verified all the same, and it is restarted only by who accepts what that may lose", async () => {
  const { cwd, events, run } = await openFolder();
  const broken = (await readFile(events, "utf8")).replace("ada@lovelace", "eve@lovelace");
  await writeFile(events, broken);
  // Without its caches, opening reads all of it.
  await rm(join(events, "..", "hashes"));
  const verified = await run(["verify", "--json"]);
  const { outcome, counts, tally, findings, remarks } = JSON.parse(verified.stdout);
  expect([verified.code, outcome, counts.done, tally.ok]).toEqual([4, "findings", 2, 2]);
  expect(new Set(findings.map(({ kind }: { kind: string }) => kind))).toEqual(new Set(["ledger-broken"]));
  expect(remarks).toEqual([expect.stringMatching(/^this run is not in the ledger: it cannot be gone on with/)]);
  for (const changing of [["verify", "--quarantine"], ["hold", "list"], ["reindex"]]) {
    expect((await run(changing)).code, changing.join(" ")).toBe(4);
  }
  expect(await readFile(events, "utf8")).toBe(broken);

  const before = await listTree(cwd);
  const dry = await run(["ledger", "restart", "--reason", "bit rot", "--dry-run"]);
  expect([dry.code, dry.stdout]).toEqual([
    0,
    expect.stringMatching(/taken over: 1 event that hold[\s\S]*a hold may be lost/),
  ]);
  const refused = await run(["ledger", "restart", "--reason", "bit rot", "--json"]);
  expect([refused.code, JSON.parse(refused.stdout).failures]).toEqual([
    5,
    [expect.objectContaining({ code: "POLICY_REFUSED" })],
  ]);
  expect(await listTree(cwd)).toEqual(before);
  const done = await run(["ledger", "restart", "--reason", "bit rot", "--accept-lost-holds"]);
  expect([done.code, done.stdout]).toEqual([
    0,
    expect.stringContaining("the old ledger lies, as it was, in archive/quarantine/ledger-"),
  ]);
  const { code, stdout } = await run(["verify"]);
  expect([code, stdout]).toEqual([0, expect.stringContaining("all 2 files that were looked at are what was recorded")]);
  expect((await run(["ledger", "restart", "--reason", "again"])).stderr).toContain("the ledger is sound");
});

test("without a key, verifying makes none, believes the one beside the ledger and says so; with another key that is a finding", async () => {
  const { cwd, events, run } = await openFolder();
  const before = await readFile(events);
  const keyless = await run(["verify"], { HOLDFAST_LEDGER_KEY_FILE: "no.key" });
  expect([keyless.code, keyless.stderr]).toEqual([
    0,
    expect.stringMatching(/not in the ledger: this user has no key that signs it/),
  ]);
  expect(keyless.stdout).toContain("the key that lies beside the ledger was believed");
  await writeFile(join(cwd, "other.key"), toOpenSshPrivateKey(generateSigningKey(), "other"), { mode: 0o600 });
  const other = await run(["verify"], { HOLDFAST_LEDGER_KEY_FILE: "other.key" });
  expect([other.code, other.stdout]).toEqual([
    4,
    expect.stringMatching(/signature-invalid: .*another account keeps it, or somebody wrote all of it anew/),
  ]);
  expect(await readFile(events)).toEqual(before);
  expect(await listTree(cwd)).not.toContain("no.key");
});

test("an anchor of the old ledger is named, for no new one fits it", async () => {
  const { cwd, events, run } = await openFolder();
  const anchored = { HOLDFAST_LEDGER_ANCHOR: "anchor" };
  expect((await run(["hold", "list"], anchored)).code).toBe(0);
  await rm(events);
  const { code, stdout } = await run(["ledger", "restart", "--reason", "gone", "--accept-lost-holds"], anchored);
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/anchor vouches for the old ledger, .*name another anchor/),
  ]);
  expect((await run(["hold", "list"], anchored)).code).toBe(4);
  expect((await run(["hold", "list"], { HOLDFAST_LEDGER_ANCHOR: join(cwd, "anchor-2") })).code).toBe(0);
});
