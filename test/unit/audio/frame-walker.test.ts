import { describe, expect, it } from "vitest";
import { noise, patched, spliced } from "./bytes.ts";
import { decodedSamples, encoded, packetHashByFfmpeg } from "./encoded.ts";
import { identified, identifiedInPieces, sha256, structureOf } from "./identified.ts";
import {
  AMR_FRAME_BYTES,
  AMR_WB_FRAME_BYTES,
  amr,
  amrFrames,
  amrWb,
  GSM_FRAME_BYTES,
  gsm,
  gsmFrames,
} from "./speech-bytes.ts";

const FILES = [
  { name: "a.amr", bytes: amr(), codec: "amr_nb", rateHz: 8000, headBytes: 6, frameBytes: AMR_FRAME_BYTES },
  { name: "a.amr", bytes: amrWb(), codec: "amr_wb", rateHz: 16000, headBytes: 9, frameBytes: AMR_WB_FRAME_BYTES },
  { name: "a.gsm", bytes: gsm(), codec: "gsm", rateHz: 8000, headBytes: 0, frameBytes: GSM_FRAME_BYTES },
] as const;

describe.each(FILES)("$codec", ({ name, bytes, codec, rateHz, headBytes, frameBytes }) => {
  const frameAt = (number: number) => headBytes + number * frameBytes;

  it("gives the facts, and the samples that ffmpeg decodes", () => {
    expect(structureOf(bytes)).toEqual({
      container: codec === "gsm" ? "gsm" : "amr",
      codec,
      sampleRateHz: rateHz,
      channels: 1,
      frames: 100,
      samples: 2 * rateHz,
      samplesRateHz: rateHz,
      samplesExact: true,
      durationSeconds: 2,
      declaredDurationSeconds: undefined,
      packetBytes: 100 * frameBytes,
      bitrateKbps: (frameBytes * 8) / 20,
      complete: undefined,
      defects: [],
      remarks: [],
    });
    expect(decodedSamples(bytes, name, rateHz)).toBe(2 * rateHz);
  });

  it("hashes the frames alone, as ffmpeg does", () => {
    expect(identified(bytes).packetSha256).toBe(sha256(bytes.subarray(headBytes)));
    expect(identified(bytes).packetSha256).toBe(packetHashByFfmpeg(bytes, name));
  });

  it.each([1, 10, frameBytes - 1])("misses the frame that lacks %i bytes at the end", (missing) => {
    const cut = structureOf(bytes.subarray(0, -missing));
    const truncated = { kind: "truncated", byteOffset: frameAt(99), atSeconds: 1.98, lostSeconds: 0.02 };
    expect(cut).toMatchObject({ frames: 99, complete: false, samplesExact: false, defects: [truncated] });
  });

  it("finds the frame whose first byte is damaged", () => {
    const damaged = structureOf(patched(bytes, frameAt(40), Buffer.from([0x83])));
    const hole = { kind: "corrupt-frames", byteOffset: frameAt(40), atSeconds: 0.8, found: frameBytes };
    expect(damaged).toMatchObject({ frames: 99, complete: false, samplesExact: false, defects: [hole] });
    expect(damaged.defects[0]?.lostSeconds).toBeCloseTo(0.02, 9);
  });

  it("goes on with the last two frames, which lead to the end", () => {
    const damaged = structureOf(patched(bytes, frameAt(97), Buffer.from([0x83])));
    expect(damaged).toMatchObject({ frames: 99, defects: [{ byteOffset: frameAt(97), found: frameBytes }] });
  });

  it("finds the next frame where bytes were put in or lost", () => {
    const surplus = structureOf(spliced(bytes, frameAt(40), { insert: Buffer.alloc(500, 0xff) }));
    expect(surplus).toMatchObject({ frames: 100, defects: [{ byteOffset: frameAt(40), found: 500 }] });
    const lost = structureOf(spliced(bytes, frameAt(40) + 5, { remove: 100 }));
    expect(lost.frames).toBeGreaterThanOrEqual(95);
    expect(lost.complete).toBe(false);
  });

  it("says what follows the last frame", () => {
    const followed = structureOf(Buffer.concat([bytes, Buffer.alloc(1000, 0xff)]));
    const end = { kind: "corrupt-frames", byteOffset: bytes.length, found: 1000 };
    expect(followed).toMatchObject({ frames: 100, complete: false, defects: [end] });
  });

  it("is judged alike however it is split", () => {
    const damaged = Buffer.concat([bytes, noise(3000), bytes, Buffer.alloc(70, 0xff), bytes.subarray(0, 1500)]);
    for (const pieceBytes of [1, 7, 500]) {
      expect(identifiedInPieces(damaged, pieceBytes)).toEqual(identified(damaged));
    }
  });
});

describe("AMR", () => {
  it("counts what encoders write as ffmpeg decodes it", () => {
    const narrow = encoded("a.amr", ["-ar", "8000", "-c:a", "libopencore_amrnb", "-b:a", "7.95k"]);
    expect(structureOf(narrow).samples).toBe(decodedSamples(narrow, "a.amr", 8000));
    const wide = encoded("a.amr", ["-ar", "16000", "-c:a", "libvo_amrwbenc"]);
    expect(structureOf(wide).samples).toBe(decodedSamples(wide, "a.amr", 16000));
  });

  it("counts pauses as time, which decoders may not", () => {
    const pause = Buffer.concat([Buffer.from("44a1a2a3a4a5", "hex"), Buffer.alloc(9, 0x7c)]);
    const bytes = Buffer.concat([Buffer.from("#!AMR\n"), ...amrFrames(20), pause, ...amrFrames(20)]);
    expect(structureOf(bytes)).toMatchObject({ frames: 50, samples: 8000, samplesExact: false, defects: [] });
    expect(structureOf(bytes).remarks).toEqual(["0.200 seconds are pauses that were not recorded as sound."]);
  });

  it("holds no audio when nothing follows its mark", () => {
    expect(structureOf(Buffer.from("#!AMR\n\xff", "latin1")).defects).toMatchObject([
      { kind: "corrupt-frames", byteOffset: 6 },
      { kind: "no-audio" },
    ]);
  });

  it("of several channels is known, but not read", () => {
    const bytes = Buffer.concat([Buffer.from("#!AMR_MC1.0\n\0\0\0\x02", "latin1"), ...amrFrames(20)]);
    expect(identified(bytes)).toMatchObject({ content: { kind: "amr" }, structure: undefined });
  });
});

describe("GSM", () => {
  it("is known by half a second of it, of which one mark may be damaged", () => {
    expect(identified(gsm(12)).content).toMatchObject({ kind: "gsm", format: undefined });
    expect(identified(gsm(11)).content.kind).toBe("binary");
    expect(identified(patched(gsm(), 330, Buffer.from([0x00]))).content.kind).toBe("gsm");
    const twice = patched(patched(gsm(), 330, Buffer.from([0x00])), 0, Buffer.from([0x00]));
    expect(identified(twice).content.kind).toBe("binary");
  });

  it.each([
    ["silence in A-law", Buffer.alloc(8000, 0xd5)],
    ["quiet A-law", noise(8000).map((byte) => (byte % 2 === 0 ? 0xd5 : 0x55) ^ (byte >>> 6))],
    ["silence in mu-law", Buffer.alloc(8000, 0xff)],
    ["silence in G.722", Buffer.alloc(8000, 0xfa)],
    ["frames without their first byte", Buffer.concat(gsmFrames(50)).subarray(1)],
    ["noise", noise(60_000)],
  ])("is not seen in %s", (_, bytes) => {
    expect(identified(bytes).content.kind).toBe("binary");
  });
});
