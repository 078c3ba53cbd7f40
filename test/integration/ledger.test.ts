import { createHash } from "node:crypto";
import { appendFile, cp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openAnchors } from "../../src/cli/open-anchors.ts";
import { openCatalogue } from "../../src/compose.ts";
import { resolveConfig } from "../../src/config/resolve-config.ts";
import { generateSigningKey } from "../../src/signing/signing-key.ts";
import { listTree } from "../helpers/list-tree.ts";
import { openTestArchive } from "../helpers/open-test-archive.ts";
import { type RunOptions, runHoldfast } from "../helpers/run-holdfast.ts";
import { makeSmallArchive, type SmallArchive } from "../helpers/small-archive.ts";
import { TEST_CLOCK } from "../helpers/test-clock.ts";
import { TEST_CUSTODIAN } from "../helpers/test-custodian.ts";

async function run(rig: SmallArchive, words: string, env: RunOptions["env"] = {}) {
  const ran = await runHoldfast(["ledger", ...words.split(" ")], { cwd: rig.cwd, env });
  return { ...ran, report: words.includes("--json") ? JSON.parse(ran.stdout) : undefined };
}

/** Digests of everything that lies in a folder. */
async function look(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await listTree(folder);
  const digest = async (name: string) =>
    createHash("sha256")
      .update(await readFile(join(folder, name)))
      .digest("hex");
  return new Map(await Promise.all(names.map(async (name) => [name, await digest(name)] as const)));
}

/** Keeps the archive for somebody else until the test ends. */
async function lock({ folder }: SmallArchive): Promise<void> {
  const catalogue = await openCatalogue(folder);
  onTestFinished(() => catalogue.close());
}

test("show selects events while another process writes them, and leaves the archive as it is", async () => {
  const rig = await makeSmallArchive();
  await lock(rig);
  await appendFile(join(rig.ledger, "events.ndjson"), '{"seq":3,"at":"2026-');
  const before = await look(rig.ledger);
  const { code, report } = await run(
    rig,
    "show --type fetched --recording rec_2 --since 2026-03-01 --until 2026-03-02 --json",
  );
  expect(code).toBe(0);
  expect(report.results).toMatchObject([
    { seq: 2, type: "fetched", subject: "rec_2", actor: TEST_CUSTODIAN.actor, digests: {} },
  ]);
  expect(report.counts).toMatchObject({ done: 1, findings: 0 });
  const { stdout } = await run(rig, "show --last 1");
  expect(stdout).toMatch(/^ +2 {2}2026-03-01T12:00:00.000Z {2}fetched +rec_2 {2}ada@lovelace {2}\{"callId"/);
  expect(stdout).toContain("1 of 3 events, as they stand");
  expect(await look(rig.ledger)).toEqual(before);
});

test("verify finds a changed event where the archive could not be opened, and a recording that the catalogue does not know", async () => {
  const rig = await makeSmallArchive();
  const events = join(rig.ledger, "events.ndjson");
  await writeFile(events, (await readFile(events, "utf8")).replace('"rec_2"', '"rec_3"'));
  const before = await look(rig.ledger);
  const { code, report } = await run(rig, "verify --json");
  expect(code).toBe(4);
  const found = report.findings.map(({ kind, subject }: { kind: string; subject: string }) => `${kind} ${subject}`);
  expect(found).toEqual([
    "ledger-broken archive/ledger/events.ndjson",
    "ledger-broken archive/ledger/events.ndjson",
    "unexpected rec_2",
    "missing rec_3",
  ]);
  expect(report.findings[1].message).toContain("event 2 is the first that is not as it was written");
  expect(await look(rig.ledger)).toEqual(before);
});

test("verify beside a run that holds the lock says that the catalogue was not compared; half a line is no finding then", async () => {
  const rig = await makeSmallArchive();
  await lock(rig);
  await appendFile(join(rig.ledger, "events.ndjson"), '{"seq":3,"at":"2026-');
  const { code, stdout } = await run(rig, "verify");
  expect(stdout).toContain("the catalogue was not held against the events: another run is at work on this archive");
  expect(code).toBe(0);
});

test("verify trusts the key that is named, and not the one beside the ledger", async () => {
  const rig = await makeSmallArchive();
  await writeFile(join(rig.cwd, "right.pub"), `${TEST_CUSTODIAN.key.publicKey.toSshLine("ada")}\n`);
  await writeFile(join(rig.cwd, "wrong.pub"), generateSigningKey().publicKey.toPem());
  const right = await run(rig, "verify --public-key right.pub");
  expect([right.code, right.stdout]).toEqual([0, expect.stringContaining("signed with the key of right.pub")]);
  expect(right.stdout).toContain("ledger: 3 events, 3 events as signed");
  expect(right.stdout).toContain("the ledger's head is not held elsewhere");
  expect(right.stdout).toContain("the catalogue was held against the events");
  const { code, report } = await run(rig, "verify --public-key wrong.pub --json");
  expect(code).toBe(4);
  expect(report.findings[0]).toMatchObject({ kind: "signature-invalid" });
  const none = await run(rig, "verify", { HOLDFAST_LEDGER_KEY_FILE: join(rig.cwd, "none") });
  expect(none.stdout).toContain("the key that lies beside the ledger was believed");
  expect(await listTree(rig.cwd)).not.toContain("none");
});

test("checkpoint prints the signed note alone; its anchor finds out a roll back, before anything is written", async () => {
  const rig = await makeSmallArchive();
  const { stdout, stderr } = await run(rig, "checkpoint --anchor kept");
  expect(stdout).toBe(await readFile(join(rig.ledger, "checkpoints", "000000000003"), "utf8"));
  expect(`${stdout}\n`).toBe(await readFile(join(rig.cwd, "kept"), "utf8"));
  expect(stderr).toContain("kept: a new anchor");
  await rig.store("rec_3");
  await rig.anchor("kept");
  await rig.rollBack();
  const before = await look(rig.ledger);
  const refused = await run(rig, "checkpoint --anchor kept");
  expect([refused.code, refused.stdout]).toEqual([4, ""]);
  expect(refused.stderr).toMatch(/does not extend the 4 events that were anchored: kept, line 7 \(LEDGER_BROKEN\)/);
  expect(await look(rig.ledger)).toEqual(before);
  const { code, report } = await run(rig, "verify --anchor kept --json");
  expect(code).toBe(4);
  expect(report.findings[0].message).toContain("1 events are gone from the end");
  expect((await run(rig, "verify")).code).toBe(0);
});

test("the anchor that is set gets every run's head and is asked at every opening; one out of reach is a warning", async () => {
  const rig = await makeSmallArchive();
  const set = { HOLDFAST_LEDGER_ANCHOR: "kept" };
  const away = await run(rig, "prove --event 0", { HOLDFAST_LEDGER_ANCHOR: "away/kept" });
  expect(away.code).toBe(0);
  expect(away.stderr).toContain("whether the archive was put back to an earlier state could not be told");
  expect(away.stderr).toContain("away/kept: the newest checkpoint is not held there");
  expect((await run(rig, "prove --event 0", set)).stderr).toContain("there was no anchor at kept: it begins now");
  await rig.store("rec_3");
  await rig.anchor("kept");
  expect((await run(rig, "verify", set)).stdout).toContain("2 checkpoints held outside the archive fit");
  await rig.rollBack();
  const { code, stderr } = await run(rig, "prove --event 0", set);
  expect([code, stderr]).toEqual([4, expect.stringContaining("(LEDGER_BROKEN)")]);
});

test("no anchor may go with the archive, and none may be of another scheme", async () => {
  const rig = await makeSmallArchive();
  const config = resolveConfig({ flags: { archive: rig.folder }, environment: {}, file: undefined });
  for (const place of [join(rig.folder, "ledger", "kept"), "ftp://user:secret@host/x"]) {
    const opened = openAnchors([place], { config, clock: TEST_CLOCK });
    await expect(opened).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.not.stringContaining("secret"),
    });
  }
});

test("a checkpoint that cannot be kept is a failure, and is printed all the same", async () => {
  const rig = await makeSmallArchive();
  const { code, stdout, stderr } = await run(rig, "checkpoint --anchor away/kept");
  expect([code, stdout]).toEqual([1, expect.stringMatching(/^holdfast\/ledger\//)]);
  expect(stderr).toContain("away/kept (STORAGE_NOT_FOUND)");
});

test("an archive whose ledger is gone is told of; one that never had any is no finding", async () => {
  const rig = await makeSmallArchive();
  await rename(rig.ledger, join(rig.cwd, "taken"));
  expect((await run(rig, "show")).code).toBe(4);
  const { code, stdout } = await run(rig, "verify");
  expect([code, stdout]).toEqual([4, expect.stringContaining("the events are gone")]);
  const marker = join(rig.folder, "holdfast.json");
  const { ledger: _ledger, ...older } = JSON.parse(await readFile(marker, "utf8"));
  await writeFile(marker, JSON.stringify(older));
  await rm(rig.ledger, { recursive: true, force: true });
  const { code: olderCode, stderr } = await run(rig, "verify");
  expect([olderCode, stderr]).toEqual([1, expect.stringContaining("has no ledger yet")]);
});

test("no key is made that could not go on with a signed ledger, unless the one before it is named", async () => {
  const rig = await makeSmallArchive();
  const env = { HOLDFAST_LEDGER_KEY_FILE: "new.key" };
  const refused = await runHoldfast(["hold", "list"], { cwd: rig.cwd, env });
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("there is no signing key: new.key")]);
  expect(await listTree(rig.cwd)).not.toContain("new.key");
  const named = { ...env, HOLDFAST_LEDGER_PREVIOUS_KEY_FILE: join(rig.ledger, "ledger.pub") };
  expect((await runHoldfast(["hold", "list"], { cwd: rig.cwd, env: named })).code).toBe(0);
  expect(await listTree(rig.cwd)).toContain("new.key");
});

test("an archive without a ledger is told of once, and that one was begun by every verify", async () => {
  const { cwd, folder, ledger } = await makeSmallArchive();
  const { ledger: _, ...marker } = JSON.parse(await readFile(join(folder, "holdfast.json"), "utf8"));
  await writeFile(join(folder, "holdfast.json"), JSON.stringify(marker));
  await rm(ledger, { recursive: true });
  const list = () => runHoldfast(["hold", "list", "--quiet"], { cwd });
  const begun = await list();
  expect([begun.code, begun.stderr]).toEqual([0, expect.stringContaining("warning: the archive had no ledger")]);
  expect((await list()).stderr).toBe("");
  const past = { begunAt: expect.any(String), replacesBroken: false, adopted: 2, signedUnseen: 0 };
  for (const command of [["verify"], ["ledger", "verify"]]) {
    const { stdout } = await runHoldfast([...command, "--json"], { cwd });
    expect(JSON.parse(stdout).ledger).toMatchObject(past);
  }
  const { stdout } = await runHoldfast(["verify"], { cwd });
  expect(stdout).toMatch(
    /^begun \d{4}-\d\d-\d\d over 2 recordings already there: of what was done and held before, it tells nothing$/m,
  );
});

test("what was signed unseen is told of by every verify that comes later", async () => {
  const { cwd, folder, ledger } = await makeSmallArchive();
  const killed = await openTestArchive(cwd);
  await killed.record([{ type: "held", subject: "Smith", detail: {} }]);
  await cp(folder, join(cwd, "left"), { recursive: true });
  await killed.close();
  await rm(ledger, { recursive: true });
  await cp(join(cwd, "left", "ledger"), ledger, { recursive: true });
  const words = "1 event signed unseen, as they stood after a run that did not end";
  const verify = async (...command: readonly string[]) => (await runHoldfast(command, { cwd })).stdout;
  expect(await verify("verify")).not.toContain(words);
  for (const command of [["verify"], ["ledger", "verify"]]) expect(await verify(...command)).toContain(words);
});
