import { describe, expect, it } from "vitest";
import { noise, patched, spliced, uint32be } from "./bytes.ts";
import { decodedSamples, encoded } from "./encoded.ts";
import { identified, kindsOf, sha256, structureOf } from "./identified.ts";
import {
  apev2,
  FRAME_BYTES,
  FRAME_SAMPLES,
  frames,
  HEADER,
  id3v1,
  id3v2,
  infoFrame,
  mp3,
  RATE_HZ,
} from "./mpeg-bytes.ts";

const FRAME_SECONDS = FRAME_SAMPLES / RATE_HZ;
const PLAIN = frames(60);
const MP3 = mp3(60);

describe("whole MP3", () => {
  it("gives the facts of a file with an Info header", () => {
    expect(structureOf(MP3)).toEqual({
      container: "mp3",
      codec: "mp3",
      sampleRateHz: 16000,
      channels: 1,
      frames: 60,
      samples: 60 * 576 - 1105 - 623,
      samplesRateHz: 16000,
      samplesExact: true,
      durationSeconds: (60 * 576 - 1105 - 623) / 16000,
      declaredDurationSeconds: (60 * 576 - 1105 - 623) / 16000,
      packetBytes: 60 * 288,
      bitrateKbps: (60 * 288 * 8) / 1000 / ((60 * 576 - 1105 - 623) / 16000),
      complete: true,
      defects: [],
      remarks: [],
    });
  });

  it.each([
    ["CBR, MPEG-2", ["-b:a", "64k"], 16000, 1],
    ["CBR, MPEG-2.5", ["-b:a", "32k", "-ar", "8000"], 8000, 1],
    ["CBR, MPEG-1 in stereo", ["-b:a", "128k", "-ar", "44100", "-ac", "2"], 44100, 2],
    ["VBR, MPEG-1", ["-q:a", "5", "-ar", "48000", "-ac", "1"], 48000, 1],
    ["ABR, MPEG-2 in stereo", ["-abr", "1", "-b:a", "48k", "-ac", "2", "-ar", "22050"], 22050, 2],
  ])("counts the samples of %s as ffmpeg decodes them", (_, args, rateHz, channels) => {
    const bytes = encoded("a.mp3", ["-c:a", "libmp3lame", ...args]);
    const structure = structureOf(bytes);
    expect(structure).toMatchObject({ sampleRateHz: rateHz, channels, complete: true, defects: [], remarks: [] });
    expect(structure.samplesExact).toBe(true);
    expect(structure.samples).toBe(decodedSamples(bytes, "a.mp3", rateHz));
  });

  it("cannot tell whether a file without a count is complete", () => {
    expect(structureOf(PLAIN)).toMatchObject({
      frames: 60,
      samples: 60 * 576,
      samplesExact: false,
      complete: undefined,
      declaredDurationSeconds: undefined,
      defects: [],
    });
  });

  it("takes the tag behind the last frame for the proof that the end is there", () => {
    expect(structureOf(Buffer.concat([PLAIN, id3v1("title")]))).toMatchObject({
      frames: 60,
      complete: true,
      defects: [],
    });
  });

  it("takes a tag in front for no such proof", () => {
    expect(structureOf(Buffer.concat([id3v2(100), PLAIN])).complete).toBeUndefined();
  });

  it.each([
    ["ID3v2 twice", Buffer.concat([id3v2(100), id3v2(70_000), MP3])],
    ["APE in front", Buffer.concat([apev2(300), MP3])],
    ["APE and ID3v1 behind", Buffer.concat([MP3, apev2(90_000), id3v1("x")])],
    ["Lyrics3 behind", Buffer.concat([MP3, Buffer.from("LYRICSBEGININD0000200000028LYRICS200"), id3v1("x")])],
    ["ID3v2 between frames", spliced(MP3, 11 * FRAME_BYTES, { insert: id3v2(500) })],
  ])("knows %s as a tag", (_, bytes) => {
    const structure = structureOf(bytes);
    expect(structure).toMatchObject({ frames: 60, complete: true, defects: [], remarks: [] });
    expect(identified(bytes).packetSha256).toBe(sha256(PLAIN));
  });

  it("reads a VBRI header", () => {
    const vbri = Buffer.alloc(FRAME_BYTES);
    vbri.writeUInt32BE(HEADER);
    vbri.write("VBRI", 36, "latin1");
    vbri.writeUInt32BE(PLAIN.length + FRAME_BYTES, 46);
    vbri.writeUInt32BE(60, 50);
    expect(structureOf(Buffer.concat([vbri, PLAIN]))).toMatchObject({
      frames: 60,
      complete: true,
      samplesExact: false,
    });
  });

  it("reads free format, whose frame length is nowhere stated", () => {
    const free = (HEADER & ~0xf000) >>> 0;
    const bytes = Buffer.concat([frames(30, free, 517), id3v1("x")]);
    expect(structureOf(bytes)).toMatchObject({ frames: 30, packetBytes: 30 * 517, complete: true, defects: [] });
  });

  it.each([
    ["Layer II", "mp2", encoded("a.mp2", ["-c:a", "mp2", "-ar", "16000", "-b:a", "64k", "-ac", "1"])],
    ["Layer II of MPEG-1", "mp2", encoded("b.mp2", ["-c:a", "mp2", "-ar", "48000", "-b:a", "128k"])],
  ])("walks %s but does not call it MP3", (_, codec, bytes) => {
    const { content, structure } = identified(bytes);
    expect(content).toMatchObject({ kind: codec, format: undefined });
    expect(structure).toMatchObject({ codec, defects: [] });
    expect(structure?.durationSeconds).toBeCloseTo(2, 1);
  });

  it.each([
    ["that counts itself", { frames: 61 }],
    ["that missed the flushed frame", { frames: 59 }],
  ])("takes a header %s for a remark", (_, shape) => {
    expect(structureOf(mp3(60, shape))).toMatchObject({
      complete: true,
      defects: [],
      remarks: [expect.stringContaining("60 are there")],
    });
  });

  it("does not believe a header that was never filled in", () => {
    expect(structureOf(mp3(60, { frames: 0, bytes: 0 }))).toMatchObject({
      frames: 60,
      complete: undefined,
      defects: [],
    });
  });

  it("takes a little junk in front, as of a stream that was joined late, for a remark", () => {
    const structure = structureOf(PLAIN.subarray(100));
    expect(structure).toMatchObject({ frames: 59, defects: [], remarks: [expect.stringContaining("188 bytes")] });
  });
});

describe("damaged MP3", () => {
  it("is truncated at every percent when its header states a count", () => {
    for (let percent = 2; percent < 100; percent += 1) {
      const size = Math.floor((MP3.length * percent) / 100);
      const { structure, content } = identified(MP3.subarray(0, size));
      expect(content.kind).toBe("mp3");
      expect(structure?.complete).toBe(false);
      const found = Math.max(0, Math.floor(size / FRAME_BYTES) - 1);
      const cut = structure?.defects.find(({ kind }) => kind === "truncated");
      expect(cut).toMatchObject({ expected: 60, found });
      expect(cut?.lostSeconds).toBeCloseTo((60 - found) * FRAME_SECONDS, 6);
    }
  });

  it("is truncated without a count only when the last frame is cut", () => {
    expect(kindsOf(PLAIN.subarray(0, 40 * FRAME_BYTES))).toEqual([]);
    for (const rest of [1, 3, 4, 100, FRAME_BYTES - 1]) {
      const { defects } = structureOf(PLAIN.subarray(0, 40 * FRAME_BYTES + rest));
      expect(defects).toMatchObject([{ kind: "truncated", byteOffset: 40 * FRAME_BYTES }]);
    }
  });

  it("is truncated although a tag was put behind the cut", () => {
    const bytes = Buffer.concat([MP3.subarray(0, 30 * FRAME_BYTES + 200), id3v1("x")]);
    expect(kindsOf(bytes)).toEqual(["truncated"]);
  });

  it("is truncated when the file ends inside the tag in front", () => {
    expect(kindsOf(id3v2(5000).subarray(0, 2000))).toEqual(["truncated", "no-audio"]);
  });

  it("names junk between frames by place and time, and loses nothing by it", () => {
    const bytes = spliced(MP3, 21 * FRAME_BYTES, { insert: noise(500) });
    const structure = structureOf(bytes);
    const atSeconds = 20 * FRAME_SECONDS;
    expect(structure.defects).toMatchObject([
      { kind: "corrupt-frames", byteOffset: 21 * FRAME_BYTES, atSeconds, found: 500, lostSeconds: 0 },
    ]);
    expect(structure.frames).toBe(60);
    expect(identified(bytes).packetSha256).toBe(sha256(PLAIN));
  });

  it("says how much a zeroed block took away", () => {
    const structure = structureOf(patched(MP3, 10 * FRAME_BYTES + 100, Buffer.alloc(4096)));
    expect(structure.defects).toMatchObject([{ kind: "corrupt-frames", byteOffset: 11 * FRAME_BYTES }]);
    expect(structure.frames).toBe(46);
    expect(structure.defects[0]?.lostSeconds).toBeCloseTo(14 * FRAME_SECONDS, 6);
  });

  it("calls a zeroed end damaged and not cut", () => {
    const structure = structureOf(patched(MP3, MP3.length - 2000, Buffer.alloc(2000)));
    expect(structure.defects).toMatchObject([{ kind: "corrupt-frames" }]);
    expect(structure.complete).toBe(false);
  });

  it("finds bytes that were lost inside a frame", () => {
    const structure = structureOf(spliced(MP3, 20 * FRAME_BYTES + 100, { remove: 50 }));
    expect(structure.defects[0]).toMatchObject({ kind: "corrupt-frames", byteOffset: 20 * FRAME_BYTES });
    expect(structure.frames).toBe(59);
    expect(structure.complete).toBe(false);
  });

  it("finds a block that was removed, wherever it was", () => {
    expect(kindsOf(spliced(MP3, 20 * FRAME_BYTES, { remove: 10 * FRAME_BYTES }))).toEqual(["truncated"]);
    expect(kindsOf(spliced(MP3, 5000, { remove: 4096 }))).toContain("truncated");
  });

  it("finds a block that was doubled", () => {
    const doubled = spliced(MP3, 20 * FRAME_BYTES, { insert: MP3.subarray(20 * FRAME_BYTES, 30 * FRAME_BYTES) });
    expect(kindsOf(doubled)).toEqual(["duration-mismatch"]);
    expect(kindsOf(spliced(PLAIN, 5000, { insert: PLAIN.subarray(5000, 9096) }))).toEqual(["corrupt-frames"]);
  });

  it("finds one flipped bit of audio by the checksum that the encoder wrote", () => {
    for (const bytes of [MP3, encoded("a.mp3", ["-c:a", "libmp3lame"])]) {
      const at = bytes.length - 100;
      const flipped = patched(bytes, at, Buffer.from([(bytes[at] ?? 0) ^ 0x10]));
      expect(kindsOf(bytes)).toEqual([]);
      expect(kindsOf(flipped)).toEqual(["corrupt-frames"]);
    }
  });

  it("does not trust a header that fails its own checksum, and only remarks on it", () => {
    const stereo = encoded("a.mp3", ["-c:a", "libmp3lame", "-ar", "44100", "-ac", "2", "-b:a", "128k"]);
    for (const bytes of [MP3, stereo]) {
      const lowpassAt = bytes.indexOf("Info") + 120 + 10;
      const structure = structureOf(patched(bytes, lowpassAt, Buffer.from([0x55])));
      expect(structure).toMatchObject({ complete: true, defects: [], remarks: [expect.stringContaining("checksum")] });
    }
  });

  it("tells frames that fail their own CRC from an encoder that writes none", () => {
    const bytes = encoded("a.mp2", ["-c:a", "mp2", "-ar", "16000", "-b:a", "64k"]);
    expect(kindsOf(bytes)).toEqual([]);
    const guarded = frames(20, (HEADER & ~0x10000) >>> 0);
    expect(structureOf(guarded)).toMatchObject({ defects: [], remarks: [expect.stringContaining("checksums")] });
    const fitting = Buffer.concat(Array.from({ length: 20 }, (_, index) => withCrc(guarded, index)));
    expect(structureOf(fitting)).toMatchObject({ defects: [], remarks: [] });
    const flipped = patched(fitting, 5 * FRAME_BYTES + 8, Buffer.from([0xaa]));
    expect(structureOf(flipped).defects).toMatchObject([{ kind: "corrupt-frames", expected: 20, found: 19 }]);
  });

  it.each([
    ["much junk in front", ["corrupt-frames"], Buffer.concat([noise(9000), MP3])],
    ["junk behind", ["trailing-data"], Buffer.concat([MP3, noise(9000)])],
    ["junk behind, with no count", ["trailing-data"], Buffer.concat([PLAIN, noise(9000)])],
  ])("with %s says so", (_, kinds, bytes) => {
    expect(kindsOf(bytes)).toEqual(kinds);
    expect(identified(bytes).packetSha256).toBe(sha256(PLAIN));
  });

  it("takes a last frame that seems to hold another for one frame", () => {
    // A header of 32 kbit/s, whose 144 bytes end where the frame around it ends.
    const bytes = patched(PLAIN, PLAIN.length - 144, uint32be(0xfff348c4));
    expect(structureOf(bytes)).toMatchObject({ frames: 60, defects: [], remarks: [] });
  });

  it("counts places beyond the first hundred in one entry", () => {
    const pieces = Array.from({ length: 150 }, () => Buffer.concat([PLAIN.subarray(0, 5 * FRAME_BYTES), noise(100)]));
    const { defects } = structureOf(Buffer.concat([...pieces, PLAIN]));
    expect(defects).toHaveLength(101);
    expect(defects.at(-1)?.message).toContain("50 more");
  });

  it.each([
    ["an ID3v2 tag of 256 MB", Buffer.concat([Buffer.from("ID3\x04\0\0\x7f\x7f\x7f\x7f", "latin1"), PLAIN])],
    ["an APE tag of 4 GB", Buffer.concat([MP3, patched(apev2(10), 12, Buffer.alloc(4, 0xff))])],
    ["ID3 tags of no length", Buffer.concat([...Array.from({ length: 3000 }, () => id3v2(0)), PLAIN])],
    ["a count of 4 billion", mp3(60, { frames: 0xffffffff })],
    ["delays longer than the audio", Buffer.concat([infoFrame(frames(1), { delay: 4095, padding: 4095 }), frames(1)])],
    ["free-format headers in a row", Buffer.concat(Array.from({ length: 20_000 }, () => uint32be(0xfff308c4)))],
    ["an empty ID3 tag and no more", id3v2(0)],
  ])("with %s neither hangs nor throws", (_, bytes) => {
    const { structure } = identified(bytes);
    expect(Number.isFinite(structure?.durationSeconds ?? 0)).toBe(true);
    expect(structure?.samples ?? 0).toBeGreaterThanOrEqual(0);
  });
});

/** Writes the CRC of ISO/IEC 11172-3 clause 2.4.3.1 into a frame of MPEG-2 mono, one bit at a time. */
function withCrc(bytes: Buffer, index: number): Buffer {
  const frame = Buffer.from(bytes.subarray(index * FRAME_BYTES, (index + 1) * FRAME_BYTES));
  let crc = 0xffff;
  for (const byte of [...frame.subarray(2, 4), ...frame.subarray(6, 15)]) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : 0x8005)) & 0xffff;
  }
  frame.writeUInt16BE(crc, 4);
  return frame;
}
