import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toStoredAudio } from "../../src/archive/stored-audio.ts";
import { Identifier, type Identity } from "../../src/audio/identify.ts";
import { sniff } from "../../src/audio/sniff.ts";
import { toIdentityChange } from "../../src/fixity/identity-change.ts";
import { noise } from "../unit/audio/bytes.ts";
import { flac, flacFrame, flacFrames, flacHead } from "../unit/audio/flac-bytes.ts";
import { identified } from "../unit/audio/identified.ts";
import { mp3 } from "../unit/audio/mpeg-bytes.ts";
import { opusPages } from "../unit/audio/ogg-bytes.ts";
import { amr, gsm } from "../unit/audio/speech-bytes.ts";
import { wav } from "../unit/audio/wav-bytes.ts";
import { countWork } from "./count-work.ts";
import { mutants } from "./mutants.ts";

/** All of the time of this file is shared between the properties; a failure prints its seed, for `{ seed, path }`. */
const TOTAL_MS = process.env["CI"] === "true" ? 60_000 : 5_000;
const PROPERTIES = 4;

function withinTime(): fc.Parameters<unknown> {
  const interruptAfterTimeLimit = TOTAL_MS / PROPERTIES;
  return { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit, markInterruptAsFailure: false, verbose: 1 };
}

/** A hang is what this is for; nothing is measured by it. */
const HANG = { timeout: TOTAL_MS + 60_000 };

const RECORDED = [wav(), mp3(90), Buffer.concat(opusPages())].map((bytes) =>
  toStoredAudio("a recording", identified(bytes), (format) => `a.${format}`),
);

function expectSense(identity: Identity, fileBytes: number): void {
  const { defects = [], ...facts } = identity.structure ?? {};
  const numbers = Object.values(facts).filter((value) => typeof value === "number");
  expect(numbers.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
  expect(identity.structure?.packetBytes ?? 0).toBeLessThanOrEqual(fileBytes);
  for (const { byteOffset = 0, atSeconds = 0, lostSeconds = 0 } of defects) {
    expect(byteOffset >= 0 && byteOffset <= fileBytes).toBe(true);
    expect([atSeconds, lostSeconds].every((seconds) => Number.isFinite(seconds) && seconds >= 0)).toBe(true);
  }
  expect(defects.length).toBeLessThanOrEqual(110);
}

describe("the identity of any bytes", HANG, () => {
  it("is found without a throw, makes sense, and is the same however the bytes are split", () => {
    fc.assert(
      fc.property(mutants, fc.array(fc.nat(200_000), { maxLength: 12 }), (bytes, cuts) => {
        const whole = identified(bytes);
        expectSense(whole, bytes.length);
        const at = cuts.map((cut) => cut % (bytes.length + 1));
        expect(identified(bytes, at)).toEqual(whole);
      }),
      withinTime(),
    );
  });

  it("has a change with a name against any record", () => {
    fc.assert(
      fc.property(mutants, fc.constantFrom(...RECORDED), (bytes, recorded) => {
        const identity = identified(bytes);
        const change = toIdentityChange(recorded, identity);
        expect(change === undefined).toBe(identity.sha256 === recorded.sha256);
        const { lostSeconds = 0, byteOffset = 0 } = change?.detail ?? {};
        expect(lostSeconds >= 0 && lostSeconds <= recorded.structure.durationSeconds).toBe(true);
        expect(byteOffset >= 0 && byteOffset <= Math.max(bytes.length, recorded.sizeBytes)).toBe(true);
      }),
      withinTime(),
    );
  });

  it("is found for noise behind any beginning, and sniffing it throws nothing", () => {
    const beginning = fc.constantFrom("", "RIFF", "OggS\0\x02", "ID3\x04", "\xff\xfb\x90\x64", "{", "<", "#EXTM3U");
    fc.assert(
      fc.property(beginning, fc.uint8Array({ maxLength: 5000 }), (text, bytes) => {
        const all = Buffer.concat([Buffer.from(text, "latin1"), bytes]);
        expect(sniff(all).label).not.toBe("");
        expectSense(identified(all), all.length);
      }),
      withinTime(),
    );
  });

  it("takes work in proportion to the bytes", () => {
    fc.assert(
      fc.property(mutants, (mutant) => {
        const bytes = Buffer.alloc(LARGE_BYTES, mutant.length === 0 ? 0 : mutant);
        expect(countWork(bytes)).toBeLessThanOrEqual(MAX_LOOKS_AT_A_BYTE * bytes.length);
      }),
      withinTime(),
    );
  });
});

/** What is repeated is read up to here: work that grows with the square would be thousands of looks at each byte. */
const LARGE_BYTES = 512 * 1024;
/** The most that was seen of any file is 11; looking for the end of a Lyrics3 tag again and again would be 80. */
const MAX_LOOKS_AT_A_BYTE = 120;

/** Begins a frame of 32768 samples in eight channels of 32 bits, which may have a megabyte. */
const LARGEST_FRAME = flacFrame(9, { codes: 0xf57e }).subarray(0, 300);

function largestFlac(): Buffer {
  const head = flacHead(0);
  head.writeUInt32BE(0x03e80ff0, 18);
  return Buffer.concat([head, LARGEST_FRAME]);
}

/** Made to be looked at again and again: each of these begins something everywhere that ends nowhere near. */
const HOSTILE: readonly (readonly [string, Buffer, Buffer])[] = [
  ["pages that claim 64 KiB", opusPages()[0] ?? noise(1), Buffer.from("OggS\0\x02".padEnd(300, "\xff"), "latin1")],
  ["page marks", opusPages()[0] ?? noise(1), Buffer.from("OggS")],
  ["sync bytes", mp3(3), Buffer.alloc(1, 0xff)],
  ["free-format headers", mp3(3), Buffer.from("fff308c4", "hex")],
  ["headers without frames", mp3(3), Buffer.from("fff388c4", "hex")],
  ["frames with Lyrics3 tags that do not end", mp3(3), Buffer.concat([mp3(3), Buffer.from("LYRICSBEGIN")])],
  ["FLAC headers without frames", flac(3), flacFrame(9).subarray(0, 6)],
  ["damaged FLAC frames", flac(3), flacFrame(9).subarray(0, 300)],
  ["FLAC frames of the same number", flac(3), flacFrame(9)],
  ["a FLAC frame without end", largestFlac(), Buffer.alloc(700, 0x33)],
  ["FLAC frames without end", largestFlac(), Buffer.concat([LARGEST_FRAME, noise(100_000)])],
  ["sync bytes in FLAC", flac(3), Buffer.alloc(1, 0xff)],
  ["FLAC tags", Buffer.concat([flacHead(256), flacFrame(0)]), Buffer.from("LYRICSBEGIN")],
  ["AMR frames that go nowhere", amr(3), Buffer.concat([amr(7).subarray(6), Buffer.alloc(1, 0xff)])],
  ["marks of GSM", gsm(20), Buffer.concat([Buffer.alloc(33 * 7, 0xd0), Buffer.alloc(33)])],
  ["empty tags", mp3(3), Buffer.from("ID3\x04\0\0\0\0\0\0", "latin1")],
  ["empty chunks", wav().subarray(0, 36), Buffer.from("LIST\0\0\0\0", "latin1")],
];

describe("the work", () => {
  it.each(HOSTILE)("is in proportion to the bytes of %s", (_, head, block) => {
    const bytes = Buffer.concat([head, Buffer.alloc(2 * LARGE_BYTES, block)]);
    expect(countWork(bytes)).toBeLessThanOrEqual(MAX_LOOKS_AT_A_BYTE * bytes.length);
  });
});

/** Blocks of 4096 samples, as encoders make them. */
const LONG = { codes: 0xc508, samples: noise(8192) };

describe("memory", HANG, () => {
  const MEBIBYTE = 1 << 20;
  const HEADS = [wav().subarray(0, 36), mp3(3), opusPages()[0] ?? noise(1), flac(3), amr(3), gsm(20)];

  /** Bytes that are held back, or looked at again and again, by a reader that is not careful. */
  it.each([
    ["noise", noise(MEBIBYTE)],
    ["sync bytes", Buffer.alloc(MEBIBYTE, 0xff)],
    ["page marks", Buffer.alloc(MEBIBYTE, "OggS")],
    ["frames with junk between them", Buffer.concat([mp3(1500), noise(100_000)])],
    ["pages and junk", Buffer.concat([...opusPages(), noise(50_000)])],
    ["empty chunks", Buffer.alloc(MEBIBYTE, "LIST\0\0\0\0")],
    ["FLAC frames with junk between them", Buffer.concat([flacFrames(100, 0, LONG), noise(100_000)].flat())],
    ["speech with junk between it", Buffer.concat([amr(20_000), noise(50_000), gsm(10_000)])],
  ])("does not grow with a file of %s", (_, block) => {
    for (const head of HEADS) {
      const grown = toGrowthBytes(head, block);
      expect(grown).toBeLessThan(24 * MEBIBYTE);
    }
  });

  /** Reads 48 times the block and tells how much more memory is held than after the first 8. */
  function toGrowthBytes(head: Uint8Array, block: Uint8Array): number {
    const identifier = new Identifier();
    identifier.push(head);
    for (let count = 0; count < 8; count += 1) identifier.push(block);
    const before = process.memoryUsage().rss;
    for (let count = 0; count < 40; count += 1) identifier.push(block);
    const after = process.memoryUsage().rss;
    identifier.end();
    return after - before;
  }
});
