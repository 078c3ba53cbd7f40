import { describe, expect, it } from "vitest";
import { noise, patched, spliced } from "./bytes.ts";
import { decodedSamples, encoded, packetHashByFfmpeg } from "./encoded.ts";
import {
  FLAC_BLOCK_SAMPLES,
  FLAC_FRAME_BYTES,
  FLAC_RATE_HZ,
  flac,
  flacBlock,
  flacFrame,
  flacFrames,
  flacHead,
} from "./flac-bytes.ts";
import { identified, identifiedInPieces, kindsOf, sha256, structureOf } from "./identified.ts";
import { apev2, id3v1, id3v2 } from "./mpeg-bytes.ts";

const WHOLE = flac();
const HEAD_BYTES = flacHead(0).length;
const SECONDS = FLAC_BLOCK_SAMPLES / FLAC_RATE_HZ;

/** Where frame `number` begins. */
function frameAt(number: number): number {
  return HEAD_BYTES + number * FLAC_FRAME_BYTES;
}

function flipped(bytes: Buffer, position: number): Buffer {
  return patched(bytes, position, Buffer.from([(bytes[position] ?? 0) ^ 0x10]));
}

describe("whole FLAC", () => {
  it("gives the facts", () => {
    expect(structureOf(WHOLE)).toEqual({
      container: "flac",
      codec: "flac",
      sampleRateHz: 16000,
      channels: 1,
      frames: 60,
      samples: 15360,
      samplesRateHz: 16000,
      samplesExact: true,
      durationSeconds: 0.96,
      declaredDurationSeconds: 0.96,
      packetBytes: 60 * FLAC_FRAME_BYTES,
      bitrateKbps: (60 * FLAC_FRAME_BYTES * 8) / 1000 / 0.96,
      complete: true,
      defects: [],
      remarks: [],
    });
    expect(decodedSamples(WHOLE, "a.flac", 16000)).toBe(15360);
  });

  it.each([
    ["16 bits mono", ["-c:a", "flac"]],
    ["24 bits stereo at 44.1 kHz", ["-c:a", "flac", "-sample_fmt", "s32", "-ar", "44100", "-ac", "2"]],
    ["blocks of 1000", ["-c:a", "flac", "-frame_size", "1000"]],
    ["an odd rate", ["-c:a", "flac", "-ar", "11025"]],
    ["six channels", ["-c:a", "flac", "-ac", "6", "-compression_level", "12"]],
  ])("counts the samples and hashes the frames of %s as ffmpeg does", (_, args) => {
    const bytes = encoded("a.flac", args);
    const structure = structureOf(bytes);
    expect(structure).toMatchObject({ complete: true, samplesExact: true, defects: [], remarks: [] });
    expect(structure.samples).toBe(decodedSamples(bytes, "a.flac", structure.sampleRateHz));
    expect(identified(bytes).packetSha256).toBe(packetHashByFfmpeg(bytes, "a.flac"));
  });

  it("reads a stream that is numbered by samples", () => {
    expect(structureOf(flac(200, { isVariable: true }))).toMatchObject({ samples: 51200, complete: true, defects: [] });
  });

  it("skips metadata blocks, and tags around the file", () => {
    const head = flacHead(60 * FLAC_BLOCK_SAMPLES);
    const blocks = [head.subarray(0, 42), flacBlock(1, Buffer.alloc(70_000)), head.subarray(42)];
    const bytes = Buffer.concat([id3v2(300), ...blocks, ...flacFrames(60), apev2(200), id3v1("x")]);
    expect(structureOf(bytes)).toMatchObject({ samples: 15360, complete: true, defects: [], remarks: [] });
    expect(identified(bytes).packetSha256).toBe(sha256(Buffer.concat(flacFrames(60))));
  });

  it("does not know whether a stream of unknown length is whole", () => {
    const bytes = Buffer.concat([flacHead(0), ...flacFrames(60)]);
    const unknown = { complete: undefined, declaredDurationSeconds: undefined, samples: 15360, defects: [] };
    expect(structureOf(bytes)).toMatchObject(unknown);
    expect(structureOf(bytes.subarray(0, -100))).toMatchObject({ complete: false, defects: [{ kind: "truncated" }] });
  });

  it("says that a piece of a longer recording is one", () => {
    const bytes = Buffer.concat([flacHead(30 * FLAC_BLOCK_SAMPLES), ...flacFrames(30, 900)]);
    expect(structureOf(bytes)).toMatchObject({ samples: 7680, complete: true, defects: [] });
    expect(structureOf(bytes).remarks).toHaveLength(1);
  });

  it("is not misled by a header that stands in the audio", () => {
    const samples = patched(noise(2 * FLAC_BLOCK_SAMPLES), 100, flacFrame(7).subarray(0, 6));
    const frames = [...flacFrames(5), flacFrame(5, { samples }), ...flacFrames(5, 6)];
    const bytes = Buffer.concat([flacHead(11 * FLAC_BLOCK_SAMPLES), ...frames]);
    expect(structureOf(bytes)).toMatchObject({ frames: 11, complete: true, defects: [] });
  });
});

describe("damaged FLAC", () => {
  it.each([
    ["between two frames", frameAt(40), frameAt(40)],
    ["inside a frame", frameAt(40) + 300, frameAt(40)],
    ["inside a header", frameAt(40) + 5, frameAt(40)],
    ["inside the last frame", WHOLE.length - 1, frameAt(59)],
  ])("that is cut %s lost what was promised", (_, bytes, byteOffset) => {
    const { defects, complete, samples, samplesExact } = structureOf(WHOLE.subarray(0, bytes));
    const whole = Math.floor((bytes - HEAD_BYTES) / FLAC_FRAME_BYTES);
    expect({ complete, samples }).toEqual({ complete: false, samples: whole * FLAC_BLOCK_SAMPLES });
    expect(defects).toMatchObject([{ kind: "truncated", byteOffset }]);
    expect(defects[0]?.atSeconds).toBeCloseTo(whole * SECONDS, 9);
    expect(defects[0]?.lostSeconds).toBeCloseTo((60 - whole) * SECONDS, 9);
    expect(samplesExact).toBe(bytes === byteOffset);
  });

  it.each([
    ["in its metadata", 20],
    ["before its first frame", HEAD_BYTES],
  ])("that is cut %s holds no audio", (_, bytes) => {
    expect(kindsOf(WHOLE.subarray(0, bytes))).toEqual(["truncated", "no-audio"]);
  });

  it("shows one flipped bit where it is, and loses no time by it", () => {
    const structure = structureOf(flipped(WHOLE, frameAt(33) + 400));
    const damaged = { kind: "corrupt-frames", byteOffset: frameAt(33), lostSeconds: SECONDS };
    expect(structure).toMatchObject({ complete: false, samples: 15360, samplesExact: false, defects: [damaged] });
    expect(structure.defects[0]?.atSeconds).toBeCloseTo(33 * SECONDS, 9);
  });

  it.each([0, 1, 2, 4, 5])("with byte %i of a header flipped has lost that frame and no other", (byte) => {
    const { defects, samples } = structureOf(flipped(WHOLE, frameAt(33) + byte));
    // A first byte that is none leaves nothing to tell the frame before it from.
    const first = byte === 0 ? 32 : 33;
    expect(samples).toBe((60 - 34 + first) * FLAC_BLOCK_SAMPLES);
    expect(defects).toMatchObject([{ kind: "corrupt-frames", byteOffset: frameAt(first) }]);
    expect(defects[0]?.lostSeconds).toBeCloseTo((34 - first) * SECONDS, 9);
  });

  it("misses frames by their numbers", () => {
    const bytes = spliced(WHOLE, frameAt(20), { remove: 5 * FLAC_FRAME_BYTES });
    const missing = { kind: "corrupt-frames", byteOffset: frameAt(20), lostSeconds: 5 * SECONDS };
    expect(structureOf(bytes)).toMatchObject({ frames: 55, complete: false, defects: [missing] });
    expect(structureOf(spliced(WHOLE, frameAt(0), { remove: 5 * FLAC_FRAME_BYTES })).defects).toMatchObject([
      { kind: "corrupt-frames", atSeconds: 0, lostSeconds: 5 * SECONDS },
    ]);
  });

  it("sees that a frame is there twice", () => {
    const bytes = spliced(WHOLE, frameAt(20), { insert: flacFrame(19) });
    expect(structureOf(bytes).defects).toMatchObject([{ kind: "corrupt-frames", byteOffset: frameAt(20) }]);
  });

  it("finds where bytes were lost or overwritten", () => {
    const lost = structureOf(spliced(WHOLE, frameAt(20) + 50, { remove: 2000 }));
    expect(lost.defects).toMatchObject([{ kind: "corrupt-frames", byteOffset: frameAt(20) }]);
    expect(lost.defects[0]?.lostSeconds).toBeCloseTo(4 * SECONDS, 9);
    const zeroed = structureOf(patched(WHOLE, frameAt(20) + 50, Buffer.alloc(4096)));
    expect(zeroed.defects).toMatchObject([{ kind: "corrupt-frames", byteOffset: frameAt(20) }]);
    expect(zeroed.samples + Math.round((zeroed.defects[0]?.lostSeconds ?? 0) * FLAC_RATE_HZ)).toBe(15360);
  });

  it("is not whole when its last frame is damaged", () => {
    for (let at = frameAt(59) + 10; at < WHOLE.length; at += 5) {
      expect(structureOf(flipped(WHOLE, at))).toMatchObject({
        complete: false,
        defects: [{ byteOffset: frameAt(59) }],
      });
    }
    const padded = structureOf(Buffer.concat([WHOLE, Buffer.alloc(300)]));
    expect(padded).toMatchObject({ samples: 15360, complete: true, defects: [] });
  });

  it("names what follows the last frame", () => {
    const followed = structureOf(Buffer.concat([WHOLE, noise(1000)]));
    const trailing = { kind: "trailing-data", byteOffset: WHOLE.length, found: 1000 };
    expect(followed).toMatchObject({ samples: 15360, complete: true, defects: [trailing] });
    const little = structureOf(Buffer.concat([WHOLE, noise(20)]));
    expect(little).toMatchObject({ samples: 15360, complete: true, defects: [] });
    expect(little.remarks).toHaveLength(1);
  });

  it("holds more than its header promises when a second recording was put behind", () => {
    const bytes = Buffer.concat([flacHead(10 * FLAC_BLOCK_SAMPLES), ...flacFrames(60)]);
    expect(kindsOf(bytes)).toEqual(["duration-mismatch"]);
  });

  it("cannot be read without STREAMINFO", () => {
    expect(kindsOf(patched(WHOLE, 4, Buffer.from([0x02])))).toEqual(["corrupt-frames", "no-audio"]);
    expect(kindsOf(patched(WHOLE, 18, Buffer.alloc(3)))).toEqual(["corrupt-frames", "no-audio"]);
  });

  it("is judged alike however it is split", () => {
    const large = Buffer.concat([WHOLE, noise(50_000), flac(100), Buffer.alloc(70_000)]);
    for (const bytes of [flipped(WHOLE, frameAt(33)), large, WHOLE.subarray(0, -1)]) {
      for (const pieceBytes of [1, 13, 4096]) expect(identifiedInPieces(bytes, pieceBytes)).toEqual(identified(bytes));
    }
  });
});
