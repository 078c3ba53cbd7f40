import { expect, test } from "vitest";
import { parseSha256 } from "../../../../src/core/digest.ts";
import type { LedgerEntry } from "../../../../src/core/ledger-event.ts";
import { PackageContents } from "../../../../src/fixity/holdings/package-contents.ts";
import { RecordedContents } from "../../../../src/fixity/holdings/recorded-contents.ts";
import { toSafeName } from "../../../../src/io/safe-name.ts";
import { toPayloadName } from "../../../../src/packaging/payload-name.ts";

const toDigest = (digit: string) => parseSha256(digit.repeat(64));
const [A, B, C] = [toDigest("a"), toDigest("b"), toDigest("c")];

/** Gives kind and subject of what does not fit between events and listed files. */
function compare(events: readonly Partial<LedgerEntry>[], listed: Readonly<Record<string, string>>): readonly string[] {
  const recorded = new RecordedContents();
  for (const event of events) recorded.take({ type: "fetched", subject: "rec_1", ...event } as LedgerEntry);
  const contents = new PackageContents({ location: "case" });
  for (const [path, hex] of Object.entries(listed)) contents.take(toUnit(path, hex));
  return recorded.compare(contents, "case").map(({ kind, subject }) => `${kind} ${subject}`);
}

function toUnit(path: string, hex: string) {
  const digests = [{ algorithm: "sha256", hex } as const];
  return { subject: `case/${path}`, files: [{ path, sizeBytes: undefined, digests }] };
}

const fetched: Partial<LedgerEntry> = { digests: { original: A, sidecar: B } };
const SOUND = { "data/originals/0001/rec_1.mp3": A, "data/records/rec_1.json": B };

test("what was recorded last is what counts", () => {
  expect(compare([fetched], SOUND)).toEqual([]);
  const converted: Partial<LedgerEntry> = { type: "converted", digests: { original: A, sidecar: C } };
  expect(compare([fetched, converted], { ...SOUND, "data/records/rec_1.json": C })).toEqual([]);
  expect(compare([fetched, converted], SOUND)).toEqual(["digest-mismatch case/data/records/rec_1.json"]);
});

test("a Bates number hides no original that is not there", () => {
  const bates = { "data/originals/EX0000001.mp3": A, "data/records/rec_1.json": B };
  expect(compare([fetched], bates)).toEqual([]);
  expect(compare([fetched], { ...bates, "data/originals/EX0000001.mp3": C })).toEqual(["missing case"]);
});

test("of a removed recording the tombstone must be there, and no original", () => {
  const removed: Partial<LedgerEntry> = { type: "removed", digests: { original: A, sidecar: C } };
  expect(compare([fetched, removed], { "data/records/rec_1.json": C })).toEqual([]);
  expect(compare([fetched, removed], {})).toEqual(["missing case/data/records/rec_1.json"]);
});

test("a record that no event speaks of was put there", () => {
  expect(compare([fetched], { ...SOUND, "data/records/rec_2.json": C })).toEqual([
    "ledger-broken case/data/records/rec_2.json",
  ]);
});

test("originals of which it has no digest are none of its recordings, whatever they are called", () => {
  const [recorded, contents] = [new RecordedContents(), new PackageContents({ location: "case" })];
  recorded.take({ ...fetched, type: "fetched", subject: "rec_1" } as LedgerEntry);
  const listed = { ...SOUND, "data/originals/rec_1.wav": C, "data/listening/rec_1.mp3": C };
  for (const [path, hex] of Object.entries(listed)) contents.take(toUnit(path, hex));
  expect(recorded.findUnrecorded(contents)).toEqual(["data/originals/rec_1.wav"]);
});

test("finds the files of ids that no file can be called after", () => {
  for (const subject of ["Call/../1", "100% <b>", "\ud800", "x".repeat(500)]) {
    const name = toPayloadName(toSafeName(subject));
    const listed = { [`data/originals/${name}.mp3`]: A, [`data/records/${name}.json`]: B };
    expect(compare([{ ...fetched, subject }], listed)).toEqual([]);
    expect(compare([{ ...fetched, subject }], { ...listed, [`data/originals/${name}.mp3`]: C })).not.toEqual([]);
  }
  for (const subject of ["", ".", ".."]) expect(compare([{ ...fetched, subject }], {})).toHaveLength(2);
});

test("tells of a hundred, and how many more there are", () => {
  const events = Array.from({ length: 200 }, (_, index) => ({ ...fetched, subject: `rec_${index}` }));
  const found = compare(events, {});
  expect(found).toHaveLength(101);
});
