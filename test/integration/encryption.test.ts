import { createHash, randomBytes } from "node:crypto";
import { chmod, cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listTree } from "../helpers/list-tree.ts";
import { type Ran, runHoldfast } from "../helpers/run-holdfast.ts";
import { readFixture } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { openTinyVendor } from "../helpers/tiny-vendor.ts";

const DAY = "archive/recordings/2024/01/15";
const OLD_KEY = randomBytes(32).toString("hex");
const NEW_KEY = randomBytes(32).toString("base64");
/** Enough to be found, and longer than what any two recordings have in common. */
const PIECE_BYTES = 64;

let originals: ReadonlyMap<string, Buffer>;
beforeAll(async () => {
  originals = new Map([
    ["rec_1", await readFixture("mp3-32k-8000.mp3")],
    ["rec_2", await readFixture("mp3-64k-16000.mp3")],
  ]);
});

/** Runs the program with a configuration file of its own, if it is to have a key. */
function run(cwd: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  return runHoldfast([...args, "--quiet"], { cwd, env: { OLD_KEY, NEW_KEY, ...env } });
}

async function runJson(cwd: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await run(cwd, [...args, "--json"]);
  if (stdout === "") throw new Error(stderr);
  return { code, ...JSON.parse(stdout) };
}

/** Says which key there is; nothing of an `undefined` one. */
function configure(cwd: string, encryption: object | undefined): Promise<void> {
  return writeFile(join(cwd, "holdfast.config.json"), JSON.stringify({ encryption }));
}

const OLD = { key: { environment: "OLD_KEY" }, keyId: "2025" };
const NEW = { key: { environment: "NEW_KEY" }, keyId: "2026", previousKeys: [OLD] };

async function fetchAll(cwd: string, ...ids: readonly string[]): Promise<Ran> {
  const held = [...originals]
    .map(([id, bytes]) => ({ id, bytes }))
    .filter(({ id }) => ids.length === 0 || ids.includes(id));
  const vendor = await openTinyVendor(held);
  return run(cwd, ["fetch"], { AUDIAN_BASE_URL: vendor.baseUrl, AUDIAN_API_KEY: "key" });
}

/** An archive that was fetched once, for each test to have a copy of. */
let model: string;
beforeAll(async () => {
  model = await mkdtemp(join(tmpdir(), "holdfast-encrypted-"));
});
afterAll(() => rm(model, { recursive: true, force: true }));

async function makeEncrypted(): Promise<string> {
  const cwd = await makeTemporaryFolder();
  if ((await readdir(model)).length === 0) {
    await configure(model, OLD);
    expect(await fetchAll(model)).toMatchObject({ code: 0 });
  }
  await cp(model, cwd, { recursive: true });
  return cwd;
}

async function readSidecar(cwd: string, id: string) {
  return JSON.parse(await readFile(join(cwd, DAY, `${id}.json`), "utf8"));
}

/** Names what holds a piece of a recording in the clear. */
async function findPlaintext(cwd: string): Promise<readonly string[]> {
  const pieces = [...originals.values()].flatMap((bytes) => {
    const from = Math.floor(bytes.length / 2);
    return [bytes.subarray(0, PIECE_BYTES), bytes.subarray(from, from + PIECE_BYTES)];
  });
  const found: string[] = [];
  for (const path of await listTree(cwd)) {
    const bytes = await readFile(join(cwd, path)).catch(() => Buffer.alloc(0));
    if (pieces.some((piece) => bytes.includes(piece))) found.push(path);
  }
  return found;
}

async function digestsOfAudio(cwd: string): Promise<readonly string[]> {
  const names = (await readdir(join(cwd, DAY))).filter((name) => !name.endsWith(".json")).toSorted();
  return Promise.all(names.map(async (name) => `${name} ${toSha256(await readFile(join(cwd, DAY, name)))}`));
}

function toSha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function readEvents(cwd: string): Promise<readonly Record<string, unknown>[]> {
  const { results } = await runJson(cwd, "ledger", "show");
  return results;
}

test("what is fetched is encrypted, and nowhere in the clear; size and digest of both are kept", async () => {
  const cwd = await makeEncrypted();
  expect(await findPlaintext(cwd)).toEqual([]);
  for (const [id, bytes] of originals) {
    const { original, encryption } = await readSidecar(cwd, id);
    const stored = await readFile(join(cwd, DAY, `${id}.mp3`));
    expect(original).toMatchObject({ sizeBytes: bytes.length, sha256: toSha256(bytes) });
    expect(original.stored).toEqual({ sizeBytes: stored.length, sha256: toSha256(stored) });
    expect(encryption).toMatchObject({ format: "aws-encryption-sdk/2", keyId: "2025" });
    expect(Buffer.from(encryption.wrappedKey, "base64")).toHaveLength(40);
  }
  const inspected = await runJson(cwd, "inspect", join(DAY, "rec_1.mp3"));
  expect(JSON.stringify(inspected)).toContain("encrypted in an archive of Holdfast");
});

test("is looked into with the key, and verified by its digest on disk without", async () => {
  const cwd = await makeEncrypted();
  for (const level of ["structure", "deep"]) {
    const report = await runJson(cwd, "verify", "--level", level);
    expect(report).toMatchObject({ code: 0, outcome: "ok", unopened: 0 });
    const audio = report.results.filter(({ path }: { path: string }) => path.endsWith(".mp3"));
    expect(audio.map((result: { level: string }) => result.level)).toEqual([level, level]);
  }
  expect(await findPlaintext(cwd)).toEqual([]);
  expect(await readEvents(cwd)).toContainEqual(expect.objectContaining({ type: "key-used" }));

  await configure(cwd, undefined);
  const report = await runJson(cwd, "verify", "--level", "deep");
  expect(report).toMatchObject({ code: 0, outcome: "ok", unopened: 2 });
  const audio = report.results.filter(({ path }: { path: string }) => path.endsWith(".mp3"));
  for (const result of audio)
    expect(result).toMatchObject({ status: "ok", level: "digest", remarks: [expect.stringMatching(/without a key/)] });
});

test("is converted, its derivatives encrypted as well; without the key nothing is read or stored", async () => {
  const cwd = await makeEncrypted();
  const report = await runJson(cwd, "convert", "--to", "opus", "--sample-rate", "16000");
  expect(report).toMatchObject({ code: 0, outcome: "ok", counts: { done: 2 } });
  const { derivatives } = await readSidecar(cwd, "rec_1");
  expect(derivatives).toHaveLength(1);
  const stored = await readFile(join(cwd, DAY, derivatives[0].file));
  expect(derivatives[0].stored.sha256).toBe(toSha256(stored));
  expect(stored.includes("OggS")).toBe(false);
  expect(derivatives[0].arguments.join(" ")).toContain("rec_1.mp3");
  expect(await runJson(cwd, "convert", "--to", "opus", "--sample-rate", "16000")).toMatchObject({
    counts: { skipped: 2 },
  });
  expect(await runJson(cwd, "verify", "--level", "deep")).toMatchObject({ outcome: "ok", unopened: 0 });
  expect(await findPlaintext(cwd)).toEqual([]);

  await configure(cwd, undefined);
  const refused = await runJson(cwd, "convert", "--to", "wav");
  expect(refused.failures.map(({ code }: { code: string }) => code)).toContain("ENCRYPTION_KEY_MISSING");
  await rm(join(cwd, DAY, "rec_1.mp3"));
  expect((await fetchAll(cwd)).stdout).toContain("ENCRYPTION_KEY_MISSING");
  expect(await readdir(join(cwd, DAY))).not.toContain("rec_1.mp3");
});

test("an original that is gone comes back encrypted with the recording's own key", async () => {
  const cwd = await makeEncrypted();
  const before = await readSidecar(cwd, "rec_1");
  await rm(join(cwd, DAY, "rec_1.mp3"));
  expect(await fetchAll(cwd)).toMatchObject({ code: 0 });
  const { original, encryption } = await readSidecar(cwd, "rec_1");
  expect(encryption).toEqual(before.encryption);
  expect(original.sha256).toBe(before.original.sha256);
  expect(original.stored.sha256).not.toBe(before.original.stored.sha256);
  expect(await runJson(cwd, "verify", "--level", "structure")).toMatchObject({ outcome: "ok", unopened: 0 });
});

test("a key file that others can read is refused before anything is done", async () => {
  const cwd = await makeTemporaryFolder();
  await writeFile(join(cwd, "key"), OLD_KEY);
  await chmod(join(cwd, "key"), 0o644);
  await configure(cwd, { key: { file: "key" } });
  expect(await run(cwd, ["key", "list"])).toMatchObject({ code: 2, stderr: expect.stringContaining("chmod 600") });
});

test("rotation wraps every key anew, and touches no audio; the old key is not needed any more", async () => {
  const cwd = await makeEncrypted();
  const audio = await digestsOfAudio(cwd);
  await configure(cwd, NEW);
  const planned = await runJson(cwd, "key", "rotate", "--dry-run");
  expect(planned.results).toHaveLength(2);
  expect((await readSidecar(cwd, "rec_1")).encryption.keyId).toBe("2025");

  expect(await runJson(cwd, "key", "rotate")).toMatchObject({ code: 0, counts: { done: 2 } });
  expect(await digestsOfAudio(cwd)).toEqual(audio);
  const { results } = await runJson(cwd, "key", "list");
  expect(results).toEqual([{ subject: "2026", keyId: "2026", isCurrent: true, recordings: 2, destroyed: 0 }]);
  expect((await readEvents(cwd)).filter(({ type }) => type === "key-rewrapped")).toHaveLength(2);

  await configure(cwd, { key: NEW.key, keyId: "2026" });
  expect(await runJson(cwd, "verify", "--level", "structure")).toMatchObject({ outcome: "ok", unopened: 0 });
});

test("a destroyed key takes the audio with it, unless a hold protects the recording", async () => {
  const cwd = await makeEncrypted();
  const destroy = (id: string) => ["key", "destroy", "--recording", id, "--reason", "erasure request"];
  expect(await run(cwd, destroy("rec_1"))).toMatchObject({ code: 2 });
  await run(cwd, ["hold", "add", "case-7", "--recording", "rec_2"]);
  const { encryption: held } = await readSidecar(cwd, "rec_2");
  expect(await run(cwd, [...destroy("rec_2"), "--yes"])).toMatchObject({ code: 5 });
  expect((await readSidecar(cwd, "rec_2")).encryption).toEqual(held);

  expect(await run(cwd, [...destroy("rec_1"), "--yes"])).toMatchObject({ code: 0 });
  const { encryption } = await readSidecar(cwd, "rec_1");
  expect(encryption).toMatchObject({ keyId: "2025", destroyed: { reason: "erasure request" } });
  expect(encryption).not.toHaveProperty("wrappedKey");
  const { failures } = await runJson(cwd, "convert", "--to", "wav");
  expect(failures).toMatchObject([{ code: "ENCRYPTION_KEY_DESTROYED" }]);
  expect(await readEvents(cwd)).toContainEqual(expect.objectContaining({ type: "key-destroyed", subject: "rec_1" }));
});

test("what was there in the clear stays so, and what is made of it is encrypted", async () => {
  const cwd = await makeTemporaryFolder();
  expect(await fetchAll(cwd, "rec_1")).toMatchObject({ code: 0 });
  await configure(cwd, OLD);
  expect(await fetchAll(cwd)).toMatchObject({ code: 0 });
  expect(await findPlaintext(cwd)).toEqual([join(DAY, "rec_1.mp3")]);
  expect(await runJson(cwd, "convert", "--to", "wav")).toMatchObject({ code: 0 });
  const { original, derivatives } = await readSidecar(cwd, "rec_1");
  expect([original.stored, derivatives[0].stored.sha256]).toEqual([undefined, expect.any(String)]);
  expect(await runJson(cwd, "verify", "--level", "deep")).toMatchObject({ outcome: "ok", unopened: 0 });
});
