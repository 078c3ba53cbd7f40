import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { LedgerEvent } from "../../../src/core/ledger-event.ts";
import { type Checkpoint, formatCheckpoint } from "../../../src/ledger/checkpoint.ts";
import { LedgerBrokenError } from "../../../src/ledger/errors.ts";
import { readCustody } from "../../../src/ledger/read-custody.ts";
import { signNote } from "../../../src/signing/note.ts";
import { generateSigningKey } from "../../../src/signing/signing-key.ts";
import { toVerifierKey } from "../../../src/signing/verifier-key.ts";
import { checkCustody, extract, extractCustody, SCOPE, type TestCustody } from "./test-custody.ts";

const EVENTS: readonly LedgerEvent[] = [
  { type: "fetched", subject: "rec_ada", detail: { callId: 'call_ada "\\ \u2028 þ ☎' } },
  { type: "fetched", subject: "rec_foreign" },
  { type: "exported", subject: "rec_ada", detail: { case: "foreign" } },
  { type: "fetched", subject: "rec_bob" },
  { type: "converted", subject: "rec_bob" },
];

const makeCustody = () => extractCustody(EVENTS);

/** Changes one line's fields. */
function change(custody: TestCustody, place: number, fields: Readonly<Record<string, unknown>>): readonly string[] {
  return custody.texts.map((text, at) =>
    at === place ? `${JSON.stringify({ ...JSON.parse(text), ...fields })}\n` : text,
  );
}

async function findIn(custody: TestCustody, texts: readonly string[]): Promise<readonly string[]> {
  return (await checkCustody(custody, { texts })).findings.map(({ kind, message }) => `${kind}: ${message}`);
}

test("accepts an extract, and gives its events in order", async () => {
  const custody = await makeCustody();
  const seen: number[] = [];
  const verification = await checkCustody(custody, { onEvent: ({ seq }) => seen.push(seq) });
  expect(verification).toMatchObject({ events: 4, withheld: 1, trust: "key-in-package", findings: [] });
  expect(seen).toEqual([0, 1, 4, 5]);
  expect(custody.entries.map((entry) => entry?.seq)).toEqual([0, 1, undefined, 4, 5]);
  expect(custody.entries[1]).toMatchObject(EVENTS[0] ?? {});
});

test("is the same bytes each time", async () => {
  const { rig, checkpoint, texts } = await makeCustody();
  const ledger = await rig.open();
  await ledger.append([{ type: "fetched", subject: "rec_ada" }]);
  const again = await extract(ledger, { ...SCOPE, checkpoint });
  expect(again.map(({ text }) => text)).toEqual(texts);
  await ledger.close();
});

test("proves every event of a ledger of any size", async () => {
  for (const count of [1, 2, 3, 6, 7, 30]) {
    const events = Array.from({ length: count }, (_, one) => ({ type: "fetched", subject: `rec_${one}` }) as const);
    const custody = await extractCustody(events, { recordingIds: new Set(events.map(({ subject }) => subject)) });
    expect(await checkCustody(custody)).toMatchObject({ events: count + 1, findings: [] });
  }
});

test.each<[string, string, (custody: TestCustody) => readonly string[]]>([
  [
    "an event changed",
    "event 1 is not in the ledger",
    (it) => it.texts.map((text) => text.replace("rec_ada", "rec_eve")),
  ],
  ["an event moved", "event 1 stands behind event 4", ({ texts }) => [0, 3, 1].map((place) => texts[place] ?? "")],
  ["an event twice", "event 1 stands behind event 1", ({ texts }) => [0, 1, 1].map((place) => texts[place] ?? "")],
  ["another place", "event 2 is not in the ledger", (it) => change(it, 1, { index: 2 })],
  ["a place behind the checkpoint", "event 99 is not in the ledger", (it) => change(it, 4, { index: 99 })],
  ["a proof cut", "event 1 is not in the ledger", (it) => change(it, 1, { proof: [] })],
  [
    "another leaf withheld",
    "event 3 is not in the ledger",
    (it) => change(it, 2, { leafHash: Buffer.alloc(32).toString("base64") }),
  ],
  ["a hash of 31 bytes", "line 2 is not", (it) => change(it, 1, { proof: [Buffer.alloc(31).toString("base64")] })],
  ["a field too many", "line 2 is not", (it) => change(it, 1, { note: "trust me" })],
  ["half a place", "line 2 is not", (it) => change(it, 1, { index: 1.5 })],
  ["a key twice", "line 2 is not", (it) => it.texts.map((text) => text.replace('"index":1,', '"index":0,"index":1,'))],
  ["not a number", "line 2 is not", (it) => it.texts.map((text) => text.replace('"index":1,', '"index":NaN,'))],
  ["spaces", "line 2 is not", (it) => it.texts.map((text) => text.replace('"index":1,', '"index": 1,'))],
  ["an empty line", "line 2 is not", ({ texts: [first = "", ...others] }) => [first, "\n", ...others]],
  ["no last line feed", "line 5 is not", ({ texts }) => [texts.join("").slice(0, -1)]],
  ["deep JSON", "line 1 is not", () => [`${"[".repeat(1_000_000)}\n`]],
])("finds %s", async (_, expected, tamper) => {
  const custody = await makeCustody();
  const findings = await findIn(custody, tamper(custody));
  expect(findings).toEqual([expect.stringContaining(expected)]);
});

test("finds bytes that are no text, and a line without an end, and keeps neither", async () => {
  const custody = await makeCustody();
  async function* toChunks() {
    yield Buffer.of(0xff, 0x0a);
    yield Buffer.from(custody.texts[0] ?? "");
    const zeros = Buffer.alloc(1 << 20);
    for (let count = 0; count < 500; count += 1) yield zeros;
  }
  const verification = await checkCustody(custody, { chunks: toChunks() });
  expect(verification.events).toBe(1);
  expect(verification.findings.map(({ message }) => message)).toEqual([
    "line 1 is not one of an extract of a ledger",
    "line 3 is not one of an extract of a ledger",
  ]);
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(300 << 20);
});

test("does not take bytes that are no text for the character that stands for such", async () => {
  const custody = await extractCustody([{ type: "fetched", subject: "rec_ada", detail: { callId: "\ufffd" } }]);
  const bytes = Buffer.from(custody.texts.join("").replace("\ufffd", "\xff"), "latin1");
  const { findings } = await checkCustody(custody, { chunks: ReadableStream.from([bytes]) });
  expect(findings.map(({ message }) => message)).toEqual(["line 2 is not one of an extract of a ledger"]);
});

test("tells of the first hundred faults, and how many more there are", async () => {
  const custody = await makeCustody();
  const findings = await findIn(custody, ["?\n".repeat(1000)]);
  expect([findings.length, findings.at(-1)]).toEqual([101, "ledger-broken: 900 more lines are not right"]);
});

test("holds the checkpoint against the key that is given, and says whose key it was", async () => {
  const custody = await makeCustody();
  const { publicKey } = custody.rig.key;
  expect(await checkCustody(custody, { publicKey })).toMatchObject({ trust: "given-key", findings: [] });
  const other = await checkCustody(custody, { publicKey: generateSigningKey().publicKey });
  expect(other.findings).toEqual([
    {
      kind: "signature-invalid",
      subject: "checkpoint.txt",
      message: "the checkpoint of 6 events proves nothing: no known key has signed it",
      detail: {},
    },
  ]);
});

test("finds a checkpoint of another ledger, another key, another history, or none", async () => {
  const custody = await makeCustody();
  const { key } = custody.rig;
  const sign = (head: Partial<Checkpoint>) => {
    const checkpoint = { ...custody.checkpoint, ...head };
    return signNote(formatCheckpoint(checkpoint), { name: checkpoint.origin, key });
  };
  const find = async (changes: Parameters<typeof checkCustody>[1]) =>
    (await checkCustody(custody, changes)).findings.map(({ kind, message }) => `${kind}: ${message}`);
  const verifierKey = toVerifierKey("holdfast/ledger/other", key.publicKey);
  expect(await find({ verifierKey })).toEqual([expect.stringContaining("signature-invalid: it is of another ledger")]);
  expect(await find({ verifierKey: "?" })).toEqual([expect.stringContaining("is no such key")]);
  expect(await find({ note: sign({ origin: "holdfast/ledger/other" }), verifierKey })).toEqual([
    "ledger-broken: event 0 begins another ledger than that of the checkpoint",
  ]);
  expect(await find({ note: custody.checkpoint.note.replace("\n6\n", "\n7\n") })).toContainEqual(
    expect.stringMatching(/^signature-invalid: .* is wrong$/),
  );
  expect(await find({ note: sign({ root: Buffer.alloc(32) }) })).toHaveLength(5);
  expect(await find({ note: "?" })).toEqual([
    "ledger-broken: it is no checkpoint of a ledger: no event was held against it",
  ]);
});

/** What a key's owner can sign, and no ledger of ours has. */
test.each([
  ["of another number", '{"seq":5,"at":"","actor":"","run":"","type":"fetched","subject":"rec_ada"}'],
  [
    "that says it twice",
    '{"seq":0,"at":"","actor":"","run":"","type":"fetched","subject":"rec_bob","subject":"rec_ada"}',
  ],
  ["that is none", "hello"],
  [
    "that is deep",
    `{"seq":0,"at":"","actor":"","run":"","type":"read","subject":"","detail":{"a":${"[".repeat(400_000)}${"]".repeat(400_000)}}}`,
  ],
])("finds a signed event %s", async (_, event) => {
  const custody = await makeCustody();
  const { hashLeaf } = await import("../../../src/ledger/merkle/tree-hash.ts");
  const head = { ...custody.checkpoint, size: 1, root: hashLeaf(Buffer.from(event)) };
  const note = signNote(formatCheckpoint(head), { name: head.origin, key: custody.rig.key });
  const texts = [`${JSON.stringify({ index: 0, event, proof: [] })}\n`];
  const { findings } = await checkCustody(custody, { note, texts });
  expect(findings.map(({ message }) => message)).toEqual(["what the ledger has as event 0 is no event of that number"]);
});

test("gives nothing from a ledger that is not what was signed, though only what is not told was changed", async () => {
  const { rig, checkpoint } = await makeCustody();
  const ledger = await rig.open();
  await rig.rewrite((lines) => lines.map((line) => line.replace("rec_foreign", "rec_foreIgn")));
  await expect(extract(ledger, { ...SCOPE, checkpoint })).rejects.toThrow(LedgerBrokenError);
  await truncate(rig.events, 100);
  await expect(extract(ledger, { ...SCOPE, checkpoint })).rejects.toThrow(LedgerBrokenError);
  await ledger.close();
});

test("makes its proofs of a cache that is not trusted", async () => {
  const { rig, checkpoint, texts } = await makeCustody();
  const ledger = await rig.open();
  await writeFile(join(rig.folder, "hashes"), Buffer.alloc(400));
  const again = await extract(ledger, { ...SCOPE, checkpoint });
  expect(again.map(({ text }) => text)).toEqual(texts);
  await ledger.close();
});

test("refuses a checkpoint that is not the ledger's", async () => {
  const { rig, checkpoint } = await makeCustody();
  const ledger = await rig.open();
  const reading = readCustody(ledger, { ...SCOPE, checkpoint: { ...checkpoint, root: Buffer.alloc(32) } });
  await expect(reading.next()).rejects.toThrow(LedgerBrokenError);
  await ledger.close();
});
