import { readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { LedgerEntry } from "../../../src/core/ledger-event.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { CompactTree } from "../../../src/ledger/merkle/compact-tree.ts";
import { verifyConsistency } from "../../../src/ledger/merkle/consistency-proof.ts";
import { verifyInclusion } from "../../../src/ledger/merkle/inclusion-proof.ts";
import { hashChildren, hashLeaf } from "../../../src/ledger/merkle/tree-hash.ts";
import { generateSigningKey } from "../../../src/signing/signing-key.ts";
import { listTree } from "../../helpers/list-tree.ts";
import { makeTestLedger, toEvents } from "./test-ledger.ts";

const DIGEST = "ab".repeat(32);

test("begins with an event that names its key, and a checkpoint of it", async () => {
  const rig = await makeTestLedger();
  await (await rig.open()).close();
  const [line, rest] = (await readFile(rig.events, "utf8")).split("\n");
  const begun = JSON.parse(line ?? "");
  expect(Object.keys(begun)).toEqual(["seq", "at", "actor", "run", "type", "subject", "detail"]);
  expect(begun.detail).toEqual({
    origin: "holdfast/ledger/3f1c",
    verifierKey: expect.stringMatching(/^holdfast\/ledger\/3f1c\+/),
  });
  expect(rest).toBe("");
  expect(await readFile(join(rig.folder, "ledger.pub"), "utf8")).toBe(`${begun.detail.verifierKey}\n`);
  expect(await rig.listCheckpoints()).toEqual(["000000000001"]);
});

test("writes an event as one line of compact JSON in the documented order, and reads it back", async () => {
  const rig = await makeTestLedger();
  const ledger = await rig.open();
  const event = {
    type: "held",
    subject: "a\nb \u2028 “c”",
    digests: { items: DIGEST },
    detail: { type: "released", n: [1] },
  } as const;
  const [entry] = await ledger.append([event as never]);
  const line = `{"seq":1,"at":"2026-03-01T10:00:00.000Z","actor":"ada","run":"r1","type":"held","subject":${JSON.stringify(event.subject)},"digests":{"items":"${DIGEST}"},"detail":{"type":"released","n":[1]}}`;
  expect((await readFile(rig.events, "utf8")).split("\n")[1]).toBe(line);
  expect(await ledger.entry(1)).toEqual(entry);
  expect(await collect(ledger.find(["released"]))).toEqual([]);
  expect(await collect(ledger.find(["held"]))).toEqual([entry]);
  await ledger.close();
});

test("gives concurrent appends places without gaps, in the order of the calls", async () => {
  const rig = await makeTestLedger();
  const ledger = await rig.open();
  const given = await Promise.all(
    Array.from({ length: 200 }, (_, index) => ledger.append(toEvents(1 + (index % 3), index))),
  );
  expect(given.flat().map(({ seq }) => seq)).toEqual(Array.from({ length: ledger.size - 1 }, (_, index) => index + 1));
  expect((await collect(ledger.entries({ from: 1 }))).map(toPlain)).toEqual(given.flat().map(toPlain));
  expect((await collect(ledger.entries({ from: 7, to: 9 }))).map(({ seq }) => seq)).toEqual([7, 8]);
  await ledger.close();
});

test("the signed root is that of the lines, and every proof leads to it", async () => {
  const rig = await makeTestLedger();
  await rig.run(toEvents(20));
  const ledger = await rig.open();
  await ledger.append(toEvents(17));
  const signed = await ledger.checkpoint();
  const lines = (await readFile(rig.events, "utf8")).split("\n").slice(0, -1);
  const leafHashes = lines.map((line) => hashLeaf(Buffer.from(line)));
  expect(signed).toMatchObject({ size: 38, root: toRoot(leafHashes) });
  for (const [seq, leafHash] of leafHashes.entries()) {
    for (const size of [38, 37, seq + 1]) {
      if (size <= seq) continue;
      const proof = await ledger.proveInclusion(seq, size);
      expect(verifyInclusion({ seq, size, leafHash, proof, root: toRoot(leafHashes.slice(0, size)) })).toBe(true);
    }
  }
  const proof = await ledger.proveConsistency(21);
  const [oldRoot, newRoot] = [toRoot(leafHashes.slice(0, 21)), toRoot(leafHashes)];
  expect(verifyConsistency({ oldSize: 21, newSize: 38, oldRoot, newRoot, proof })).toBe(true);
  expect(await ledger.checkpoint()).toBeUndefined();
  await ledger.close();
});

test("tells what a run that was not signed has left, and writes it down", async () => {
  const rig = await makeTestLedger();
  await rig.run(toEvents(3));
  await rig.run([{ type: "fetched", subject: "rec_9", digests: { sidecar: DIGEST as never } }], false);
  const ledger = await rig.open();
  expect(ledger.mended).toEqual({ cutBytes: 0, unsignedEvents: 1 });
  expect(await ledger.entry(5)).toMatchObject({ type: "ledger-mended", detail: { cutBytes: 0, unsignedEvents: 1 } });
  await ledger.checkpoint();
  await ledger.close();
  const signed = await rig.open();
  expect(signed.mended).toBeUndefined();
  await signed.close();
});

test("a last line torn at any byte is cut off and noted; what was signed stays", async () => {
  const rig = await makeTestLedger();
  await rig.run(toEvents(2));
  const whole = (await stat(rig.events)).size;
  await rig.run([{ type: "proven", subject: "rec_1" }], false);
  const bytes = await readFile(rig.events);
  for (let end = whole + 1; end < bytes.length; end += 1) {
    await writeFile(rig.events, bytes.subarray(0, end));
    const ledger = await rig.open();
    expect(ledger.mended).toMatchObject({ cutBytes: end - whole, unsignedEvents: 0 });
    expect((await collect(ledger.entries())).map(({ type }) => type)).toEqual([
      "ledger-begun",
      "fetched",
      "fetched",
      "ledger-mended",
    ]);
    await ledger.close();
  }
});

test("a line that is no event is cut off where it is the last, and refused where it is not", async () => {
  const rig = await makeTestLedger();
  await rig.run(toEvents(2));
  await rig.rewrite((lines) => [...lines, "zeros\n"]);
  const ledger = await rig.open();
  expect(ledger.mended?.cutBytes).toBe(6);
  await ledger.close();
  await rig.rewrite((lines) => [...lines.slice(0, -1), "zeros\n", ...lines.slice(-1)]);
  const before = await readFile(rig.events);
  await expect(rig.open()).rejects.toMatchObject({ code: "LEDGER_BROKEN" });
  expect(await readFile(rig.events)).toEqual(before);
});

test.each([
  ["the last signed event is gone", (lines: string[]) => lines.slice(0, -1)],
  ["the last signed event is torn", (lines: string[]) => [...lines.slice(0, -1), (lines.at(-1) ?? "").slice(0, -2)]],
  [
    "the last signed event is another",
    (lines: string[]) => [...lines.slice(0, -1), (lines.at(-1) ?? "").replace("rec_2", "rec_8")],
  ],
  ["an event was put behind it with a wrong place", (lines: string[]) => [...lines, lines.at(-1) ?? ""]],
  ["there are none", () => []],
])("is refused, and left as it is, when %s", async (_, change) => {
  const rig = await makeTestLedger();
  await rig.run(toEvents(3));
  await rig.rewrite(change);
  const before = await readFile(rig.events);
  await expect(rig.open()).rejects.toMatchObject({ code: "LEDGER_BROKEN" });
  expect(await readFile(rig.events)).toEqual(before);
});

test("is refused when no checkpoint is there, or the newest is by another key or of another archive", async () => {
  const rig = await makeTestLedger();
  await rig.run(toEvents(3));
  await expect(rig.open({ key: generateSigningKey() })).rejects.toMatchObject({ code: "LEDGER_BROKEN" });
  await expect(rig.open({ archiveId: "other" })).rejects.toMatchObject({ code: "LEDGER_BROKEN" });
  await writeFile(join(rig.folder, "checkpoints", "000000000004"), "");
  await expect(rig.open()).rejects.toMatchObject({ message: expect.stringContaining("cannot be relied on") });
  await rm(join(rig.folder, "checkpoints"), { recursive: true });
  await expect(rig.open()).rejects.toMatchObject({
    message: expect.stringContaining("no checkpoint vouches for them"),
  });
  const fresh = await makeTestLedger();
  await expect(fresh.open({ create: false })).rejects.toMatchObject({ code: "LEDGER_BROKEN" });
  expect(await listTree(fresh.folder).catch(() => [])).toEqual([]);
});

test("a new key is taken when the one before is named, and both verify", async () => {
  const rig = await makeTestLedger();
  await rig.run(toEvents(3));
  const key = generateSigningKey();
  const ledger = await rig.open({ key, previousKey: rig.key.publicKey });
  expect(await ledger.entry(4)).toMatchObject({ type: "key-changed" });
  await ledger.checkpoint();
  await ledger.close();
  await (await rig.open({ key })).close();
  expect(await rig.verify({ publicKey: key.publicKey })).toMatchObject({
    checkpoints: 3,
    unsignedEvents: 0,
    findings: [],
  });
  expect((await rig.verify()).findings.map(({ kind }) => kind)).toContain("signature-invalid");
});

test("what a failed append has left is nobody's: the next one goes on as if it had not been", async () => {
  const rig = await makeTestLedger();
  const ledger = await rig.open();
  const { size } = await stat(rig.events);
  await truncate(rig.events, size - 1);
  await expect(ledger.append(toEvents(1))).rejects.toMatchObject({ code: "LEDGER_BROKEN" });
  await rig.rewrite((lines) => [...lines.slice(0, -1), `${lines.at(-1)}\n`]);
  expect((await ledger.append(toEvents(1)))[0]?.seq).toBe(1);
  await ledger.checkpoint();
  await ledger.close();
  expect(await rig.verify()).toMatchObject({ size: 2, findings: [] });
});

const CACHE_HARMS: readonly [string, (path: string) => Promise<void>][] = [
  ["gone", (path) => truncate(path, 0)],
  ["too short", async (path) => truncate(path, Math.floor((await stat(path)).size / 2))],
  ["too long", async (path) => writeFile(path, Buffer.alloc(4096, 1), { flag: "a" })],
  ["zeros", async (path) => writeFile(path, Buffer.alloc((await stat(path)).size))],
  ["wrong in the middle", (path) => flip(path, 0.5)],
  ["wrong at the beginning", (path) => flip(path, 0)],
  // Among the 39 hashes of 21 events, the 31st stands for the first 16: it is at the edge.
  ["wrong at the edge", (path) => flip(path, 30.5 / 39)],
];

test.each(CACHE_HARMS.flatMap(([harm, make]) => ["hashes", "offsets"].map((cache) => [cache, harm, make] as const)))(
  "where %s are %s, no proof is wrong",
  async (cache, _, harm) => {
    const rig = await makeTestLedger();
    await rig.run(toEvents(20));
    const lines = (await readFile(rig.events, "utf8")).split("\n").slice(0, -1);
    const leafHashes = lines.map((line) => hashLeaf(Buffer.from(line)));
    await harm(join(rig.folder, cache));
    const ledger = await rig.open();
    expect(await expectProofs(ledger, leafHashes)).toBe(21);
    // And where they are harmed under its hands.
    await harm(join(rig.folder, cache));
    expect(await expectProofs(ledger, leafHashes)).toBe(21);
    await ledger.append(toEvents(1));
    await ledger.checkpoint();
    await ledger.close();
    expect(await rig.verify()).toMatchObject({ size: 22, unsignedEvents: 0, findings: [] });
  },
);

test("no proof leads to a root that is wrong itself: the first that is asked for is of few events", async () => {
  const rig = await makeTestLedger();
  await rig.run(toEvents(20));
  const leaves = (await readFile(rig.events, "utf8"))
    .split("\n")
    .slice(0, 2)
    .map((line) => hashLeaf(Buffer.from(line)));
  const ledger = await rig.open();
  // The first two leaves and the node above them, forged so that they fit each other.
  const hashes = await readFile(join(rig.folder, "hashes"));
  const [forged, second] = [hashLeaf(Buffer.from("forged")), hashes.subarray(32, 64)];
  const forgery = [forged, second, hashChildren(forged, second), hashes.subarray(96)];
  await writeFile(join(rig.folder, "hashes"), Buffer.concat(forgery));
  expect(await ledger.proveInclusion(1, 2)).toEqual(leaves.slice(0, 1));
  await ledger.close();
});

test("an event that was changed is not proven, whatever the caches say, and the head stays what it was", async () => {
  const rig = await makeTestLedger();
  await rig.run(toEvents(20));
  const ledger = await rig.open();
  await rig.rewrite((lines) => lines.map((line) => line.replace("rec_5", "rec_6")));
  await expect(ledger.proveInclusion(6)).rejects.toMatchObject({ code: "LEDGER_BROKEN" });
  await ledger.append(toEvents(1));
  await ledger.checkpoint();
  await ledger.close();
  expect(await rig.verify()).toMatchObject({ head: { size: 1 }, findings: [{ kind: "ledger-broken" }] });
  await rig.rewrite((lines) =>
    lines.map((line) => (line.startsWith('{"seq":6,') ? line.replace("rec_6", "rec_5") : line)),
  );
  expect((await rig.verify()).findings).toEqual([]);
});

test("all is its owner's alone", async () => {
  const rig = await makeTestLedger();
  await rig.run(toEvents(1));
  for (const path of ["", ...(await listTree(rig.folder))]) {
    const { mode } = await stat(join(rig.folder, path));
    expect((mode & 0o777).toString(8), path).toBe(path === "" || path === "checkpoints" ? "700" : "600");
  }
});

async function expectProofs(ledger: Ledger, leafHashes: readonly Buffer[]): Promise<number> {
  const root = toRoot(leafHashes);
  for (const [seq, leafHash] of leafHashes.entries()) {
    const proof = await ledger.proveInclusion(seq, leafHashes.length);
    expect(verifyInclusion({ seq, size: leafHashes.length, leafHash, proof, root })).toBe(true);
    const older = { seq, size: seq + 1, leafHash, root: toRoot(leafHashes.slice(0, seq + 1)) };
    expect(verifyInclusion({ ...older, proof: await ledger.proveInclusion(seq, seq + 1) })).toBe(true);
    expect(await ledger.includes({ origin: "holdfast/ledger/3f1c", size: seq + 1, root: older.root })).toBe(true);
  }
  return leafHashes.length;
}

async function flip(path: string, place: number): Promise<void> {
  const bytes = await readFile(path);
  const index = Math.floor(bytes.length * place);
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

function toRoot(leafHashes: readonly Buffer[]): Buffer {
  const tree = new CompactTree();
  for (const leafHash of leafHashes) tree.append(leafHash);
  return tree.root();
}

function toPlain({ seq, subject }: LedgerEntry) {
  return { seq, subject };
}

async function collect(entries: AsyncIterable<LedgerEntry>): Promise<LedgerEntry[]> {
  const collected: LedgerEntry[] = [];
  for await (const entry of entries) collected.push(entry);
  return collected;
}
