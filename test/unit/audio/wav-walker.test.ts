import { describe, expect, it } from "vitest";
import { noise, patched, spliced, uint16le, uint32le } from "./bytes.ts";
import { decodedSamples, encoded } from "./encoded.ts";
import { identified, kindsOf, sha256, structureOf } from "./identified.ts";
import { chunk, PCM_DATA, wav } from "./wav-bytes.ts";

const HEADER_BYTES = 44;
const PCM = wav();

describe("whole WAV", () => {
  it("gives the facts of 16-bit PCM", () => {
    expect(structureOf(PCM)).toEqual({
      container: "wav",
      codec: "pcm_s16le",
      sampleRateHz: 16000,
      channels: 1,
      frames: 16000,
      samples: 16000,
      samplesRateHz: 16000,
      samplesExact: true,
      durationSeconds: 1,
      declaredDurationSeconds: 1,
      packetBytes: 32000,
      bitrateKbps: 256,
      complete: true,
      defects: [],
      remarks: [],
    });
  });

  it.each([
    ["pcm_u8", 2],
    ["pcm_s16le", 2],
    ["pcm_s24le", 1],
    ["pcm_s32le", 1],
    ["pcm_f32le", 6],
    ["pcm_f64le", 1],
    ["pcm_alaw", 1],
    ["pcm_mulaw", 2],
    ["adpcm_ima_wav", 1],
    ["adpcm_ima_wav", 2],
    ["adpcm_ms", 1],
    ["adpcm_ms", 2],
  ])("counts the samples of %s in %i channels as ffmpeg decodes them", (codec, channels) => {
    const bytes = encoded("a.wav", ["-c:a", codec, "-ac", `${channels}`]);
    const structure = structureOf(bytes);
    expect(structure).toMatchObject({ codec, channels, sampleRateHz: 16000, complete: true, defects: [] });
    const decoded = decodedSamples(bytes, "a.wav", 16000);
    if (structure.samplesExact) expect(structure.samples).toBe(decoded);
    else expect(Math.abs(structure.samples - decoded)).toBeLessThan(2041);
  });

  it("reads WAVE_FORMAT_EXTENSIBLE by its sub-format", () => {
    const guid = Buffer.from("0300000000001000800000aa00389b71", "hex");
    const extra = Buffer.concat([uint16le(22), uint16le(32), uint32le(4), guid]);
    const structure = structureOf(wav(noise(4000), { tag: 0xfffe, bits: 32, extra }));
    expect(structure).toMatchObject({ codec: "pcm_f32le", samples: 1000, complete: true });
  });

  it("counts GSM 6.10 as 320 samples in 65 bytes", () => {
    const shape = { tag: 0x31, bits: 0, blockAlign: 65, rateHz: 8000, bytesPerSecond: 1625 };
    expect(structureOf(wav(noise(6500), shape))).toMatchObject({ codec: "gsm_ms", samples: 32000, durationSeconds: 4 });
  });

  it("lets a fact chunk end the last block of ADPCM early", () => {
    const fact = chunk("fact", uint32le(900));
    const shape = { tag: 0x11, bits: 4, blockAlign: 256, before: [] as Buffer[] };
    const structure = structureOf(wav(noise(512), { ...shape, before: [fact] }));
    expect(structure).toMatchObject({ frames: 2, samples: 900, samplesExact: false });
  });

  it("measures a codec it does not know by its byte rate", () => {
    const shape = { tag: 0x1234, bits: 0, blockAlign: 1, rateHz: 8000, bytesPerSecond: 1000 };
    expect(structureOf(wav(noise(5000), shape))).toMatchObject({ codec: "wav_0x1234", durationSeconds: 5 });
  });

  it("reads chunks before and behind the audio, odd sizes and their pad bytes", () => {
    const bytes = wav(noise(101), {
      bits: 8,
      before: [chunk("JUNK", noise(27))],
      after: [chunk("LIST", noise(31)), chunk("id3 ", Buffer.alloc(0))],
    });
    expect(structureOf(bytes)).toMatchObject({ samples: 101, complete: true, defects: [], remarks: [] });
  });

  it("forgives a pad byte that was left out", () => {
    const padded = wav(noise(101), { bits: 8, after: [chunk("LIST", noise(20))] });
    const bytes = patched(spliced(padded, HEADER_BYTES + 101, { remove: 1 }), 4, uint32le(padded.length - 9));
    expect(structureOf(bytes)).toMatchObject({ complete: true, defects: [], remarks: [] });
  });

  it.each(["RF64", "BW64"])("takes the sizes of %s from its ds64 chunk", (magic) => {
    const sizes = Buffer.alloc(28);
    sizes.writeBigUInt64LE(BigInt(PCM_DATA.length + 72), 0);
    sizes.writeBigUInt64LE(BigInt(PCM_DATA.length), 8);
    const shape = { magic, riffBytes: 0xffffffff, declaredBytes: 0xffffffff, before: [chunk("ds64", sizes)] };
    const bytes = wav(PCM_DATA, shape);
    expect(structureOf(bytes)).toMatchObject({ samples: 16000, declaredDurationSeconds: 1, remarks: [], defects: [] });
    expect(kindsOf(bytes.subarray(0, 20_000))).toEqual(["truncated"]);
  });

  it.each([
    ["0xFFFFFFFF", 0xffffffff, 0xffffffff],
    ["0xFFFFFF9B", 0xffffff9b, 0xffffffbf],
    ["0x7FFFFFFF", 0x7fffffff, 0x7fffffff],
    ["zero", 0, 0],
    ["zero in a RIFF of its header only", 0, 36],
  ])("takes a streamed WAV of size %s as whole up to its end, with a remark", (_, declaredBytes, riffBytes) => {
    const bytes = wav(PCM_DATA, { declaredBytes, riffBytes });
    const structure = structureOf(bytes);
    expect(structure).toMatchObject({
      samples: 16000,
      complete: true,
      defects: [],
      declaredDurationSeconds: undefined,
    });
    expect(structure.remarks).toHaveLength(1);
    expect(identified(bytes).packetSha256).toBe(sha256(PCM_DATA));
  });

  it.each([44, 36, 32])(
    "takes %i header bytes counted as audio for a remark when the RIFF size is the file's",
    (surplus) => {
      const declaredBytes = PCM_DATA.length + surplus;
      for (const riffBytes of [PCM.length - 8, PCM.length]) {
        const structure = structureOf(wav(PCM_DATA, { declaredBytes, riffBytes }));
        expect(structure).toMatchObject({ complete: true, defects: [], samples: 16000 });
        expect(structure.remarks).toHaveLength(1);
      }
    },
  );

  it.each([44, 36, 32, 2])("finds a cut of %i bytes, as many as a header has or not", (lost) => {
    expect(kindsOf(PCM.subarray(0, PCM.length - lost))).toEqual(["truncated"]);
  });

  it("takes a size for a careless writer's only where the file's own size contradicts it", () => {
    expect(kindsOf(wav(PCM_DATA, { declaredBytes: PCM_DATA.length + 100 }))).toEqual([]);
  });

  it("leaves the rest of a sample out of the packet digest", () => {
    const bytes = wav(noise(32001));
    expect(structureOf(bytes)).toMatchObject({ packetBytes: 32000, complete: true, remarks: [expect.any(String)] });
    expect(identified(bytes).packetSha256).toBe(sha256(noise(32000)));
  });

  it.each([
    ["a few bytes", Buffer.from("trailing bytes..")],
    ["padding", Buffer.alloc(2000)],
    ["an ID3v1 tag", Buffer.concat([Buffer.from("TAG"), noise(200)])],
  ])("takes %s behind its end for a remark", (_, tail) => {
    expect(structureOf(Buffer.concat([PCM, tail]))).toMatchObject({
      complete: true,
      defects: [],
      remarks: [expect.stringContaining(`${tail.length} bytes`)],
    });
  });
});

describe("damaged WAV", () => {
  it("is truncated at every percent, with what is lost", () => {
    for (let percent = 1; percent < 100; percent += 1) {
      const size = Math.floor((PCM.length * percent) / 100);
      const structure = structureOf(PCM.subarray(0, size));
      expect(structure.complete).toBe(false);
      const [defect] = structure.defects;
      expect(defect).toMatchObject({ kind: "truncated", byteOffset: size });
      if (size > HEADER_BYTES) expect(defect?.lostSeconds).toBeCloseTo((PCM.length - size) / 32000, 6);
    }
  });

  it("keeps its audio when the file ends in a chunk behind it", () => {
    const bytes = wav(PCM_DATA, { after: [chunk("LIST", noise(500))] });
    const structure = structureOf(bytes.subarray(0, bytes.length - 200));
    expect(structure.defects).toMatchObject([{ kind: "truncated", lostSeconds: 0 }]);
    expect(structure.samples).toBe(16000);
  });

  it("misses a block that was removed and finds one that was doubled", () => {
    expect(kindsOf(spliced(PCM, 8192, { remove: 4096 }))).toEqual(["truncated"]);
    const doubled = spliced(PCM, 8192, { insert: PCM.subarray(8192, 12288) });
    expect(structureOf(doubled).defects).toMatchObject([
      { kind: "trailing-data", found: 4096, byteOffset: PCM.length },
    ]);
  });

  it.each([
    ["no data chunk", ["no-audio"], Buffer.concat([wav().subarray(0, 36), chunk("LIST", noise(20))])],
    ["an empty data chunk", ["no-audio"], wav(Buffer.alloc(0))],
    ["less than one sample", ["no-audio"], wav(noise(3), { channels: 2 })],
    ["a sample rate of 0", ["corrupt-frames"], wav(PCM_DATA, { rateHz: 0 })],
    ["0 channels", ["corrupt-frames"], wav(PCM_DATA, { channels: 0, blockAlign: 2 })],
    ["no fmt chunk", ["corrupt-frames", "no-audio"], spliced(PCM, 12, { remove: 24 })],
    ["only its first bytes", ["truncated", "no-audio"], PCM.subarray(0, 20)],
  ])("with %s says so", (_, kinds, bytes) => {
    const sized = patched(bytes, 4, bytes.length > 20 ? uint32le(bytes.length - 8) : bytes.subarray(4, 8));
    expect(kindsOf(sized)).toEqual(kinds);
  });

  it.each([
    ["a block size of 0", wav(PCM_DATA, { blockAlign: 0 })],
    ["a block size of 0 in ADPCM", wav(PCM_DATA, { tag: 2, blockAlign: 0 })],
    ["0 bits in 0 channels", wav(PCM_DATA, { channels: 0, bits: 0 })],
    ["65535 channels", wav(PCM_DATA, { channels: 65535 })],
    ["a chunk of 4 GB", wav(PCM_DATA, { before: [chunk("JUNK", noise(8), 0xfffffff0)] })],
    ["a fmt chunk of 4 GB", patched(PCM, 16, uint32le(0xfffffff0))],
    [
      "chunks of no length",
      wav(PCM_DATA, { before: Array.from({ length: 5000 }, () => chunk("JUNK", Buffer.alloc(0))) }),
    ],
    ["a ds64 that says the impossible", wav(PCM_DATA, { before: [chunk("ds64", Buffer.alloc(28, 0xff))] })],
    ["two data chunks", wav(PCM_DATA, { after: [chunk("data", noise(500))] })],
    ["two formats", wav(PCM_DATA, { before: [chunk("fmt ", noise(16))] })],
  ])("with %s neither hangs nor throws", (_, bytes) => {
    const structure = structureOf(bytes);
    expect(Number.isFinite(structure.durationSeconds) && Number.isFinite(structure.bitrateKbps)).toBe(true);
  });
});
