import { copyFile, cp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { appendToAnchor, loadAnchor } from "../../../src/ledger/anchor-file.ts";
import { formatCheckpoint } from "../../../src/ledger/checkpoint.ts";
import { signNote } from "../../../src/signing/note.ts";
import { generateSigningKey } from "../../../src/signing/signing-key.ts";
import { toVerifierKey } from "../../../src/signing/verifier-key.ts";
import { makeTestLedger, type TestLedger, toEvents } from "./test-ledger.ts";

/** Three runs: checkpoints of 1, 6, 11 and 16 events, and one event behind them. */
async function makeRuns(): Promise<TestLedger> {
  const rig = await makeTestLedger();
  for (const first of [0, 5, 10]) await rig.run(toEvents(5, first));
  await rig.run(toEvents(1, 15), false);
  return rig;
}

async function anchor(rig: TestLedger): Promise<string> {
  const path = join(rig.folder, "..", "anchor");
  const ledger = await rig.open();
  await ledger.checkpoint();
  await appendToAnchor(path, ledger);
  await ledger.close();
  return path;
}

test("finds nothing in a ledger that is whole, and says what nothing proves", async () => {
  const rig = await makeRuns();
  const seen: number[] = [];
  expect(await rig.verify({ onEntry: ({ seq }) => seen.push(seq) })).toMatchObject({
    size: 17,
    checkpoints: 4,
    anchors: 0,
    head: { size: 16 },
    unsignedEvents: 1,
    trust: "given-key",
    findings: [],
  });
  expect(seen).toEqual(Array.from({ length: 17 }, (_, index) => index));
  expect(await rig.verify({ publicKey: undefined })).toMatchObject({ trust: "key-beside", findings: [] });
});

test("tells of each event once that was signed unseen, and only when it was signed", async () => {
  const rig = await makeRuns();
  // Leaves the 17th event again, with the note of the mending and one more.
  await rig.run(toEvents(1, 16), false);
  expect(await rig.verify()).toMatchObject({ unsignedEvents: 3, signedUnseen: 0 });
  await rig.run([]);
  expect(await rig.verify()).toMatchObject({ size: 20, unsignedEvents: 0, signedUnseen: 3 });
});

test("tells when it was begun, over how many recordings, and whether in place of a broken one", async () => {
  const rig = await makeTestLedger();
  await (await rig.open({ previous: { reason: "lost" } as never })).close();
  await rig.run(toEvents(2).map((event) => ({ ...event, type: "adopted" as const })));
  const past = { begunAt: "2026-03-01T10:00:00.000Z", replacesBroken: true, adopted: 2, signedUnseen: 0 };
  expect(await rig.verify()).toMatchObject(past);
  expect(await (await makeRuns()).verify()).toMatchObject({ replacesBroken: false, adopted: 0 });
});

const swapped = (lines: string[], a: number, b: number) => {
  const [first = "", second = ""] = [lines[a], lines[b]];
  return lines.with(a, second).with(b, first);
};
const withSubject = (lines: string[], seq: number, subject: string) =>
  lines.with(seq, (lines[seq] ?? "").replace(/rec_\d+/, subject));

test.each<[string, (lines: string[]) => readonly string[], string]>([
  ["an event is changed", (lines) => withSubject(lines, 8, "rec_0"), "event 8"],
  ["an event of the first run is changed", (lines) => withSubject(lines, 1, "rec_x"), "event 1"],
  ["an event is removed", (lines) => lines.toSpliced(8, 1), "event 8"],
  ["an event is removed, and those behind it get its place", (lines) => renumber(lines.toSpliced(8, 1)), "event 8"],
  ["an event is added", (lines) => lines.toSpliced(8, 0, lines[8] ?? ""), "event 9"],
  [
    "an event is added, and those behind it move up",
    (lines) => renumber(lines.toSpliced(8, 0, lines[8] ?? "")),
    "event 9",
  ],
  ["two events are swapped", (lines) => swapped(lines, 7, 9), "event 7"],
  ["two events swap what they say", (lines) => renumber(swapped(lines, 7, 9)), "event 7"],
  ["a line is written in another way", (lines) => lines.with(8, (lines[8] ?? "").replace(",", ", ")), "event 8"],
  ["a line is no event", (lines) => lines.with(8, "{}\n"), "event 8"],
])("%s", async (_, change, named) => {
  const rig = await makeRuns();
  await rig.rewrite(change);
  const { findings, head } = await rig.verify();
  const changed = findings.find(({ message }) => message.includes("was changed, added, removed or moved"));
  const [from, to] = named === "event 1" ? [1, 5] : [6, 10];
  expect(changed).toMatchObject({
    kind: "ledger-broken",
    subject: rig.events,
    detail: { byteOffset: await startOf(rig, from) },
  });
  expect(changed?.message).toContain(`among events ${from} to ${to}`);
  expect(findings.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(`${named} is the first that is not`),
  );
  expect(head?.size).toBe(from);
});

test("tells of each line that is out of order once", async () => {
  const rig = await makeRuns();
  await rig.rewrite((lines) => swapped(lines, 7, 9));
  const messages = (await rig.verify()).findings.map(({ message }) => message);
  expect(messages.slice(0, -2)).toEqual([
    "events 7 to 8 are not in place: event 9 stands there",
    "event 8 stands behind event 9: it was moved or added",
    "event 7 stands behind event 9: it was moved or added",
  ]);
});

test("names no event when the cache of hashes is of no use", async () => {
  const rig = await makeRuns();
  await rig.rewrite((lines) => withSubject(lines, 8, "rec_0"));
  await rm(join(rig.folder, "hashes"));
  const { findings } = await rig.verify();
  expect(findings).toHaveLength(1);
});

test.each([
  [16, 1, 0],
  [13, 0, 3],
  [11, 0, 5],
  [10, 0, 6],
  [0, 0, 16],
])("the tail is cut off so that %d events are left", async (left, behind, gone) => {
  const rig = await makeRuns();
  await rig.rewrite((lines) => lines.slice(0, left));
  const { findings, size } = await rig.verify();
  expect(size).toBe(left);
  const messages = findings.map(({ message }) => message);
  // Nobody has ever signed the seventeenth.
  if (behind === 1) expect(messages).toEqual([]);
  else expect(messages).toEqual([expect.stringMatching(`^${gone} events are gone from the end: 16 were signed`)]);
});

test("half a line stands at the end", async () => {
  const rig = await makeRuns();
  await rig.rewrite((lines) => [...lines, '{"seq":17,']);
  expect(await rig.verify()).toMatchObject({
    size: 17,
    findings: [{ kind: "ledger-broken", message: /^half a line/ }],
  });
});

test("a checkpoint is replaced: by another key, by another text, by one of another size", async () => {
  const rig = await makeRuns();
  const path = (size: string) => join(rig.folder, "checkpoints", size.padStart(12, "0"));
  const origin = "holdfast/ledger/3f1c";
  const forged = formatCheckpoint({ origin, size: 11, root: Buffer.alloc(32, 1) });
  await writeFile(path("11"), signNote(forged, { name: origin, key: generateSigningKey() }));
  expect((await rig.verify()).findings).toMatchObject([{ kind: "signature-invalid", subject: path("11") }]);
  // The key's owner has signed two histories.
  await writeFile(path("11"), signNote(forged, { name: origin, key: rig.key }));
  expect((await rig.verify()).findings).toMatchObject([
    { kind: "ledger-broken", subject: path("11"), message: /another history/ },
  ]);
  await copyFile(path("6"), path("11"));
  expect((await rig.verify()).findings).toMatchObject([{ kind: "ledger-broken", message: /its name does not fit/ }]);
  await writeFile(path("11"), "nonsense");
  expect((await rig.verify()).findings).toMatchObject([{ kind: "ledger-broken", message: /is none/ }]);
});

test("a forger with a key of his own is found by the key that is given, and not by the one beside", async () => {
  const rig = await makeRuns();
  const forger = await makeTestLedger();
  await forger.run(toEvents(3));
  await rm(rig.folder, { recursive: true });
  await cp(forger.folder, rig.folder, { recursive: true });
  expect((await rig.verify()).findings).toContainEqual(expect.objectContaining({ kind: "signature-invalid" }));
  expect(await rig.verify({ publicKey: undefined })).toMatchObject({ trust: "key-beside", findings: [] });
});

test("a key that only events name which nothing proves is not believed", async () => {
  const rig = await makeRuns();
  const [forger, origin] = [generateSigningKey(), "holdfast/ledger/3f1c"];
  await rig.run(
    [{ type: "key-changed", subject: "3f1c", detail: { verifierKey: toVerifierKey(origin, forger.publicKey) } }],
    false,
  );
  const path = join(rig.folder, "checkpoints", "000000000011");
  const text = (await readFile(path, "utf8")).replace(/\n—.*\n$/, "");
  await writeFile(path, signNote(text, { name: origin, key: forger }));
  expect((await rig.verify()).findings).toMatchObject([{ kind: "signature-invalid", subject: path }]);
});

test("anchors of other ledgers say nothing here", async () => {
  const [rig, other] = [await makeRuns(), await makeTestLedger()];
  const ledger = await other.open({ archiveId: "other" });
  const path = join(other.folder, "..", "anchor");
  await appendToAnchor(path, ledger);
  await ledger.close();
  expect(await rig.verify({ anchors: await loadAnchor(path) })).toMatchObject({ anchors: 0, findings: [] });
});

test("a ledger of another archive, signed by the same key, proves nothing here", async () => {
  const rig = await makeRuns();
  expect((await rig.verify({ archiveId: "other" })).findings.map(({ kind }) => kind)).toContain("signature-invalid");
});

test("checkpoints, events, or the key beside are gone", async () => {
  const rig = await makeRuns();
  await rm(join(rig.folder, "ledger.pub"));
  expect((await rig.verify({ publicKey: undefined })).findings).toMatchObject([{ kind: "signature-invalid" }]);
  await rename(join(rig.folder, "checkpoints"), join(rig.folder, "..", "away"));
  expect(await rig.verify()).toMatchObject({ unsignedEvents: 17, findings: [{ message: /there is no checkpoint/ }] });
  await rm(rig.folder, { recursive: true });
  expect((await rig.verify()).findings.map(({ message }) => message)).toContain("the events are gone");
});

test("the newest checkpoint is removed with what it covers: only an anchor tells", async () => {
  const rig = await makeRuns();
  const path = await anchor(rig);
  await rm(join(rig.folder, "checkpoints", (await rig.listCheckpoints()).at(-1) ?? ""));
  await rig.rewrite((lines) => lines.slice(0, 16));
  expect(await rig.verify()).toMatchObject({ anchors: 0, unsignedEvents: 0, findings: [] });
  const { findings } = await rig.verify({ anchors: await loadAnchor(path) });
  expect(findings).toMatchObject([
    { message: expect.stringContaining("2 events are gone from the end: 18 were signed") },
  ]);
});

test("the newest checkpoint alone is removed: an anchor tells", async () => {
  const rig = await makeRuns();
  const path = await anchor(rig);
  await rm(join(rig.folder, "checkpoints", (await rig.listCheckpoints()).at(-1) ?? ""));
  const { findings } = await rig.verify({ anchors: await loadAnchor(path) });
  expect(findings).toMatchObject([{ message: expect.stringContaining("the checkpoint of 18 events is gone") }]);
});

test("the whole archive is rolled back and goes on: an anchor tells, also when it is longer by then", async () => {
  const rig = await makeRuns();
  await cp(rig.folder, `${rig.folder}.yesterday`, { recursive: true });
  await rig.run(toEvents(3, 20));
  const path = await anchor(rig);
  expect(await rig.verify({ anchors: await loadAnchor(path) })).toMatchObject({ anchors: 1, findings: [] });
  await rm(rig.folder, { recursive: true });
  await cp(`${rig.folder}.yesterday`, rig.folder, { recursive: true });
  expect((await rig.verify()).findings).toEqual([]);
  expect((await rig.verify({ anchors: await loadAnchor(path) })).findings).toMatchObject([
    { message: /events are gone/ },
  ]);
  await expect(anchor(rig)).rejects.toMatchObject({ code: "LEDGER_BROKEN" });
  await rig.run(toEvents(30, 50));
  const before = await readFile(path);
  await expect(anchor(rig)).rejects.toMatchObject({
    code: "LEDGER_BROKEN",
    message: expect.stringContaining("does not extend"),
  });
  expect(await readFile(path)).toEqual(before);
  const { findings } = await rig.verify({ anchors: await loadAnchor(path) });
  expect(findings).toContainEqual(
    expect.objectContaining({ subject: `${path}, line 1`, message: expect.stringContaining("another history") }),
  );
});

/** Gives each line its place, as a careful forger does. */
function renumber(lines: readonly string[]): readonly string[] {
  return lines.map((line, seq) => line.replace(/^\{"seq":\d+/, `{"seq":${seq}`));
}

async function startOf(rig: TestLedger, seq: number): Promise<number> {
  const lines = (await readFile(rig.events, "utf8")).split(/(?<=\n)/);
  return Buffer.byteLength(lines.slice(0, seq).join(""));
}
