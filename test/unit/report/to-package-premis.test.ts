import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EVENT_TYPES, type LedgerEntry } from "../../../src/core/ledger-event.ts";
import type { PackagedRecording } from "../../../src/core/packaged-recording.ts";
import { parseRecordingId, type RecordingId } from "../../../src/core/recording-id.ts";
import type { PackageFacts } from "../../../src/report/premis/package-facts.ts";
import { toPackagePremis } from "../../../src/report/to-package-premis.ts";
import { HOSTILE_NAMES } from "../../helpers/report-table.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const HAS_XMLLINT = spawnSync("xmllint", ["--version"]).status === 0;
/** The schema of the Library of Congress, which is not of this project; xlink.xsd stands beside it. */
const { PREMIS_XSD } = process.env;

const FACTS: PackageFacts = {
  identifier: "CASE-7/2026-01-31",
  case: "CASE-7",
  madeOn: "2026-01-31",
  madeBy: "ada",
  organisation: "Example Ltd",
  toolVersion: "0.1.0",
  archiveId: "archive-1",
};

const toDigest = (length: number, digit: string) => digit.repeat(length);

const toFile = (path: string, digit: string) => ({
  ...{ path, sizeBytes: 1000, sha256: toDigest(64, digit), sha512: toDigest(128, digit), md5: undefined },
});

function makeRecording(name: string, parts: Partial<PackagedRecording> = {}): PackagedRecording {
  return {
    controlNumber: name,
    family: { first: name, last: name },
    recordingId: parseRecordingId(name),
    callId: `call of ${name}`,
    sourceName: `recordings/2024/01/15/${name}.mp3`,
    original: toFile(`data/originals/${name}.mp3`, "a"),
    audio: {
      ...{ format: "mp3", codec: "mp3", sampleRateHz: 16_000, channels: 2, durationSeconds: 12.5, complete: true },
      ...{ packetSha256: toDigest(64, "c"), defects: [] },
    },
    call: undefined,
    startedAt: undefined,
    endedAt: undefined,
    fetchedAt: undefined,
    evidence: { grade: "none", detail: {} },
    notice: undefined,
    listeningCopy: undefined,
    record: undefined,
    custody: [],
    waveform: undefined,
    ...parts,
  };
}

const makeEntry = (seq: number, type: string, subject: string, parts: Partial<LedgerEntry> = {}): LedgerEntry => ({
  ...{ seq, at: `2026-01-01T00:00:0${seq % 10}.000Z`, actor: "bob", run: "run_1" },
  ...{ type: type as LedgerEntry["type"], subject, ...parts },
});

const HOLD = makeEntry(3, "held", "CASE-7", {
  detail: { criteria: { kind: "named", recordingIds: ["rec_1", "rec_2", "rec_other"] }, reason: "a letter" },
});
const COPY = { ...toFile("data/listening/rec_2.mp3", "b"), profile: "mp3-64k-16000", madeBy: "ffmpeg 6.1" };

/** Two legs of one call, of which one has a copy, and a plain file. */
const RECORDINGS = [
  makeRecording("rec_1", {
    callId: "call_1",
    family: { first: "rec_1", last: "rec_2" },
    custody: [makeEntry(1, "fetched", "rec_1", { digests: {}, detail: { source: "list" } }), HOLD],
  }),
  makeRecording("rec_2", {
    callId: "call_1",
    family: { first: "rec_1", last: "rec_2" },
    listeningCopy: COPY,
    custody: [makeEntry(2, "healed", "rec_2", { detail: { key: "k" } }), HOLD, makeEntry(4, "released", "CASE-7")],
  }),
  makeRecording("notes.txt", { recordingId: undefined, callId: undefined, audio: undefined, evidence: undefined }),
];

const toText = (recordings: Iterable<PackagedRecording>, facts: Partial<PackageFacts> = {}) =>
  [...toPackagePremis(recordings, { ...FACTS, ...facts })].join("");

/** The text of all elements of a name, in their order. */
function textsOf(xml: string, element: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${element}(?: [^>]*)?>([^<]*)</${element}>`, "g"))].map(([, text = ""]) => text);
}

/** All elements of a name, with what is in them. */
function partsOf(xml: string, element: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${element}[ >].*?</${element}>`, "gs"))].map(([part]) => part);
}

/** Type and value of all identifiers of a name. */
function identifiersOf(xml: string, element: string): readonly string[] {
  const types = textsOf(xml, `${element}Type`);
  return textsOf(xml, `${element}Value`).map((value, index) => `${types[index]}: ${value}`);
}

function partWith(xml: string, element: string, text: string): string {
  return partsOf(xml, element).find((part) => part.includes(text)) ?? "";
}

/** Nothing is linked to that is not there, and nothing is there twice. */
function expectWhole(xml: string): void {
  for (const [element, ...links] of [
    ["objectIdentifier", "linkingObjectIdentifier", "relatedObjectIdentifier"],
    ["eventIdentifier", "linkingEventIdentifier", "relatedEventIdentifier"],
    ["agentIdentifier", "linkingAgentIdentifier"],
  ]) {
    const there = identifiersOf(xml, element ?? "");
    expect(new Set(there).size).toBe(there.length);
    const wanted = links.flatMap((link) => identifiersOf(xml, link));
    expect(wanted.filter((one) => !there.includes(one))).toEqual([]);
  }
}

test("all that is linked to is there once: the package, calls, originals, copies, events and agents", () => {
  const xml = toText(RECORDINGS);
  expectWhole(xml);
  expect(identifiersOf(xml, "objectIdentifier")).toEqual([
    "holdfast package, percent-encoded: CASE-7/2026-01-31",
    "call id, percent-encoded: call_1",
    "path, percent-encoded: data/originals/rec_1.mp3",
    "recording id, percent-encoded: rec_1",
    "path, percent-encoded: data/originals/rec_2.mp3",
    "recording id, percent-encoded: rec_2",
    "path, percent-encoded: data/listening/rec_2.mp3",
    "path, percent-encoded: data/originals/notes.txt.mp3",
  ]);
  expect(identifiersOf(xml, "eventIdentifier")).toEqual([
    "holdfast package event, percent-encoded: CASE-7/2026-01-31/export",
    ...["archive-1/1", "archive-1/3", "archive-1/2", "archive-1/4"].map((id) => `holdfast ledger event: ${id}`),
    "holdfast package event, percent-encoded: CASE-7/2026-01-31/listening/rec_2",
  ]);
  expect(identifiersOf(xml, "agentIdentifier")).toEqual([
    ...["software: holdfast 0.1.0", "software: holdfast"],
    ...["account, percent-encoded: ada", "account, percent-encoded: bob"],
    "organisation, percent-encoded: Example Ltd",
  ]);
});

test("an original bears its digests, size, format, length and the name that it had", () => {
  const original = partWith(toText(RECORDINGS), "object", "data/originals/rec_1.mp3</objectIdentifierValue>");
  expect(textsOf(original, "messageDigest")).toEqual([toDigest(64, "a"), toDigest(128, "a")]);
  expect(textsOf(original, "messageDigestOriginator")).toEqual(["holdfast", "holdfast"]);
  expect(textsOf(original, "size")).toEqual(["1000"]);
  expect([textsOf(original, "formatName"), textsOf(original, "formatRegistryKey")]).toEqual([["MP3"], ["fmt/134"]]);
  expect(textsOf(original, "significantPropertiesValue")).toEqual(["12.5", "2"]);
  expect(textsOf(original, "originalName")).toEqual(["recordings/2024/01/15/rec_1.mp3"]);
  expect(textsOf(original, "relationshipSubType")).toEqual(["is Part Of", "represents"]);
});

test.each([
  [{}, []],
  [{ vendorSha256: "ee" }, ["vendor, in its list"]],
  [{ vendorSha256: "ee", webhookSignature: "verified" }, ["vendor, in a webhook with a verified signature"]],
  [{ vendorSha256: "ee", webhookSignature: "not-checked" }, ["vendor, as a webhook says that is not checked"]],
  [{ vendorSha256: "ee", webhookSignature: "unsigned" }, ["vendor, as a webhook says that is unsigned"]],
  [{ httpSha256: "ee", vendorSizeBytes: 1000 }, ["the server that sent the bytes (RFC 9530)"]],
])("of the evidence %j the digests that others sent are theirs, as they were sent", (detail, originators) => {
  const xml = toText([makeRecording("rec_1", { evidence: { grade: "vendor-digest", detail } })]);
  expect(textsOf(xml, "messageDigestOriginator").slice(2)).toEqual(originators);
  expect(textsOf(xml, "messageDigest").slice(2)).toEqual(originators.map(() => "ee"));
});

test.each([
  ["mp3", "mp3", 8000, "MP3", []],
  ["mp3", "mp2", 16_000, "MP3", []],
  ["opus", "opus", 48_000, "Ogg Opus", ["fmt/946"]],
  ["wav", "pcm_s16le", 16_000, "WAV", []],
] as const)("%s with %s at %i Hz is %s, with a registry's key only where that is certain", (...given) => {
  const [format, codec, sampleRateHz, name, keys] = given;
  const { audio } = makeRecording("rec_1");
  const changed = { ...audio, format, codec, sampleRateHz, complete: false, defects: ["Two frames are gone."] };
  const xml = toText([makeRecording("rec_1", { audio: changed as PackagedRecording["audio"] })]);
  expect([textsOf(xml, "formatName"), textsOf(xml, "formatRegistryKey")]).toEqual([[name], keys]);
  expect(textsOf(xml, "formatNote")).toEqual([
    ...[`codec: ${codec}, ${sampleRateHz} Hz`, "defect: Two frames are gone."],
    "not complete: its headers declare more than is there",
  ]);
});

test("a copy for listening and its original point at each other, by the event that made it", () => {
  const xml = toText(RECORDINGS);
  const event = "CASE-7/2026-01-31/listening/rec_2";
  const from = partWith(xml, "relationship", "is Source Of");
  expect([...textsOf(from, "relatedObjectIdentifierValue"), ...textsOf(from, "relatedEventIdentifierValue")]).toEqual([
    ...[COPY.path, event],
  ]);
  const to = partWith(xml, "relationship", "has Source");
  expect([...textsOf(to, "relatedObjectIdentifierValue"), ...textsOf(to, "relatedEventIdentifierValue")]).toEqual([
    ...["data/originals/rec_2.mp3", event],
  ]);
  const making = partsOf(xml, "event").find((part) => textsOf(part, "eventIdentifierValue")[0] === event) ?? "";
  expect([textsOf(making, "eventType"), textsOf(making, "eventDateTime")]).toEqual([["creation"], ["2026-01-31"]]);
  expect(textsOf(making, "linkingObjectRole")).toEqual(["source", "outcome"]);
});

describe("an event of the ledger", () => {
  test("is told in the vocabulary's words where it has some, with what the ledger says of it", () => {
    const fetched = partWith(toText(RECORDINGS), "event", "archive-1/1<");
    expect(textsOf(fetched, "eventType")).toEqual(["ingestion"]);
    expect(fetched).toContain(`valueURI="http://id.loc.gov/vocabulary/preservation/eventType/ing"`);
    expect(textsOf(fetched, "eventDateTime")).toEqual(["2026-01-01T00:00:01.000Z"]);
    expect(textsOf(fetched, "eventOutcomeDetailNote")).toEqual(["source: list"]);
    expect(textsOf(fetched, "eventOutcome")).toEqual([]);
    expect(textsOf(fetched, "linkingAgentIdentifierValue")).toEqual(["holdfast", "bob"]);
    expect(identifiersOf(fetched, "linkingObjectIdentifier")).toEqual(["recording id, percent-encoded: rec_1"]);
  });

  test("is told in our own words, and under no authority, where the vocabulary has none", () => {
    const healed = partWith(toText(RECORDINGS), "event", "archive-1/2<");
    expect(healed).toContain("<eventType>healed</eventType>");
  });

  test("that several recordings share is told once, and nothing of recordings that are not in the package", () => {
    const xml = toText(RECORDINGS);
    const held = partWith(xml, "event", "archive-1/3<");
    expect(textsOf(held, "eventOutcomeDetailNote")).toEqual(["case: CASE-7", "reason: a letter"]);
    expect(identifiersOf(held, "linkingObjectIdentifier")).toEqual([]);
    expect(textsOf(xml, "linkingEventIdentifierValue").filter((id) => id === "archive-1/3")).toHaveLength(2);
    expect(xml).not.toContain("rec_other");
  });

  test("is shared when its case is called as the recording is", () => {
    const held = makeEntry(5, "held", "rec_1");
    const recordings = ["rec_1", "rec_2"].map((name) => makeRecording(name, { custody: [held] }));
    expectWhole(toText(recordings));
  });

  test("has a sentence, also of a type that this version does not know", () => {
    const types = [...EVENT_TYPES, "of-a-later-version", "constructor"];
    const custody = types.map((type, seq) => makeEntry(seq, type, "rec_1"));
    const [, ...sentences] = textsOf(toText([makeRecording("rec_1", { custody })]), "eventDetail");
    expect(sentences).toHaveLength(types.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].+\.$/);
  });
});

test("an account that bears the program's name is another agent", () => {
  expectWhole(toText([makeRecording("rec_1", { custody: [makeEntry(1, "read", "rec_1", { actor: "holdfast" })] })]));
});

test("without archive, organisation and events nothing speaks of any", () => {
  const xml = toText([makeRecording("a.wav", { recordingId: undefined })], {
    ...{ archiveId: undefined, organisation: undefined },
  });
  expectWhole(xml);
  expect(identifiersOf(xml, "agentIdentifier")).toEqual([
    ...["software: holdfast 0.1.0", "account, percent-encoded: ada"],
  ]);
});

/** Text as it may come from outside: pieces that have a meaning to some reader, and any UTF-16 at all. */
const outside = fc.oneof(
  fc.constantFrom(
    ...HOSTILE_NAMES,
    "]]>",
    "<!--",
    "&#0;",
    "\0\u0014\u0085",
    "\u202e",
    "\ud800",
    "\udfff",
    "\ufffe",
    "%",
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 10 }).map((units) => String.fromCharCode(...units)),
);

const entry = (recordingId: string) =>
  fc.record({
    seq: fc.nat({ max: 50 }),
    at: outside,
    actor: outside,
    run: outside,
    type: fc.oneof(fc.constantFrom(...EVENT_TYPES), outside as fc.Arbitrary<LedgerEntry["type"]>),
    subject: fc.oneof(fc.constant(recordingId), outside),
    detail: fc.dictionary(outside, fc.oneof(outside, fc.array(outside), fc.nat())),
  });

/** A recording of which all that can come from outside does; only names in the package are ours. */
const hostile = outside.chain((id) =>
  fc
    .record({
      callId: outside,
      sourceName: outside,
      codec: outside,
      defects: fc.array(outside),
      vendorSha256: outside,
      profile: fc.oneof(fc.constant("mp3-64k-16000"), outside),
      madeBy: outside,
      custody: fc.uniqueArray(entry(id), { selector: ({ seq }) => seq, maxLength: 4 }),
    })
    .map(({ callId, sourceName, codec, defects, vendorSha256, profile, madeBy, custody }) => {
      const { audio } = makeRecording("rec_1");
      return makeRecording("rec_1", {
        ...{ recordingId: id as RecordingId, callId, sourceName, custody },
        audio: { ...audio, codec, defects } as PackagedRecording["audio"],
        evidence: { grade: "vendor-digest", detail: { vendorSha256 } },
        listeningCopy: { ...COPY, profile, madeBy },
      });
    }),
);

const hostileFacts = fc.record({ identifier: outside, case: outside, madeBy: outside, organisation: outside });

describe("text from outside", () => {
  test("becomes no markup, and nothing is left that XML cannot hold", () => {
    const allowed = new Set(toText(RECORDINGS).match(/<[^?>\s]+/g));
    fc.assert(
      fc.property(hostile, hostileFacts, (recording, facts) => {
        const xml = toText([recording], facts);
        expectWhole(xml);
        expect([...new Set(xml.match(/<[^?>\s]+/g))].filter((tag) => !allowed.has(tag))).toEqual([]);
        expect(xml.replaceAll("\n", "")).not.toMatch(/\p{Cc}|\p{Cs}|\p{Noncharacter_Code_Point}/u);
        expect(xml).not.toMatch(/&(?!(?:amp|lt|gt|quot);)/);
      }),
      { numRuns: 150 },
    );
  });

  test("stays apart where it was: two halves of surrogate pairs are two calls", () => {
    const recordings = ["\ud800", "\udbff", "\ufffd"].map((callId, index) => makeRecording(`rec_${index}`, { callId }));
    expectWhole(toText(recordings));
  });
});

describe.skipIf(!HAS_XMLLINT)("another program's reader (skipped where there is no xmllint)", () => {
  test.each([
    ["recordings, a call, a copy and a plain file", () => toText(RECORDINGS)],
    ["a package with nothing in it", () => toText([], { organisation: undefined })],
    ["events of all types", () => toText([makeRecording("rec_1", { custody: toEntries() })])],
    ["a hundred hostile recordings", toHostileText],
  ])("takes %s, by the schema as well where PREMIS_XSD names it", async (_, toXml) => {
    const path = join(await makeTemporaryFolder(), "premis.xml");
    await writeFile(path, toXml());
    const schema = PREMIS_XSD === undefined ? [] : ["--schema", PREMIS_XSD];
    const { status, stderr } = spawnSync("xmllint", ["--noout", "--nonet", ...schema, path], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, PREMIS_XSD === undefined ? "" : `${path} validates\n`]);
  });
});

function toEntries(): readonly LedgerEntry[] {
  return EVENT_TYPES.map((type, seq) => makeEntry(seq, type, "rec_1", { digests: {}, detail: { some: ["thing"] } }));
}

function toHostileText(): string {
  const recordings = fc.sample(hostile, 100);
  return toText(recordings, fc.sample(hostileFacts, 1)[0]);
}
