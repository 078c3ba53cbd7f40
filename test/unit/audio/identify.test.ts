import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identify } from "../../../src/audio/identify.ts";
import { noise, spliced } from "./bytes.ts";
import { encoded, packetHashByFfmpeg, remuxed } from "./encoded.ts";
import { identified, identifiedInPieces, sha256 } from "./identified.ts";
import { apev2, frames, id3v1, id3v2, mp3 } from "./mpeg-bytes.ts";
import { opusPages } from "./ogg-bytes.ts";
import { chunk, PCM_DATA, wav } from "./wav-bytes.ts";

const MP3 = encoded("a.mp3", ["-c:a", "libmp3lame", "-b:a", "64k"]);
const OPUS = encoded("a.opus", ["-c:a", "libopus", "-b:a", "32k"]);
const WAV = encoded("a.wav", ["-c:a", "pcm_s16le"]);
const GSM = wav(noise(6500), { tag: 0x31, bits: 0, blockAlign: 65, rateHz: 8000, bytesPerSecond: 1625 });

/** Files of every kind, sound and damaged, long enough to be more than one look-ahead. */
const SAMPLES: readonly (readonly [string, Buffer])[] = [
  ["a.mp3", MP3],
  ["a.opus", OPUS],
  ["a.wav", WAV],
  ["GSM in blocks of 65 bytes", GSM],
  ["long MP3", mp3(600)],
  ["MP3 with junk", spliced(mp3(600), 90_000, { insert: noise(3000) })],
  ["MP3 with bytes lost", spliced(mp3(600), 90_100, { remove: 500 })],
  ["MP3 behind junk", Buffer.concat([noise(100_000), mp3(300)])],
  ["MP3 with tags", Buffer.concat([id3v2(70_000), mp3(300), apev2(5000), id3v1("x")])],
  ["MP3 that is cut", mp3(600).subarray(0, 100_001)],
  ["Opus with bytes lost", spliced(OPUS, 9000, { remove: 700 })],
  ["Opus with junk behind", Buffer.concat([OPUS, noise(1000)])],
  ["WAV with bytes behind", Buffer.concat([WAV, noise(1000)])],
  ["noise", noise(150_000)],
  ["text", Buffer.from("{}")],
];

describe("identify", () => {
  it.each(SAMPLES)("gives the same for %s however it is split", (_, bytes) => {
    const whole = identified(bytes);
    const cuts = fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 40 });
    fc.assert(
      fc.property(cuts, (at) => {
        expect(identified(bytes, at)).toEqual(whole);
      }),
      { numRuns: 12 },
    );
    expect(identifiedInPieces(bytes, 7)).toEqual(whole);
  });

  it.each(SAMPLES)("computes the sha256 of %s", (_, bytes) => {
    expect(identified(bytes).sha256).toBe(sha256(bytes));
    expect(identified(bytes).sizeBytes).toBe(bytes.length);
  });

  it("reads an async iterable", async () => {
    async function* chunks() {
      yield WAV.subarray(0, 100);
      yield WAV.subarray(100);
    }
    expect(await identify(chunks())).toEqual(identified(WAV));
  });

  it("has no packet digest for what holds no audio", () => {
    expect(identified(Buffer.from("{}"))).toMatchObject({ packetSha256: undefined, structure: undefined });
    expect(identified(wav(Buffer.alloc(0))).packetSha256).toBeUndefined();
  });

  it("finds an MP3 that begins far behind its first bytes", () => {
    const { content, packetSha256 } = identified(Buffer.concat([noise(200_000), mp3(60)]));
    expect(content.kind).toBe("mp3");
    expect(packetSha256).toBe(sha256(frames(60)));
  });
});

describe("packet digest", () => {
  it.each([
    ["a.mp3", MP3],
    ["vbr.mp3", encoded("v.mp3", ["-c:a", "libmp3lame", "-q:a", "4", "-ac", "2"])],
    ["plain.mp3", encoded("p.mp3", ["-c:a", "libmp3lame", "-write_xing", "0", "-id3v2_version", "0"])],
    ["a.opus", OPUS],
    ["vbr.opus", encoded("b.opus", ["-c:a", "libopus", "-frame_duration", "60", "-ac", "2"])],
    ["a.wav", WAV],
    ["a-law.wav", encoded("c.wav", ["-c:a", "pcm_alaw"])],
    ["ima.wav", encoded("d.wav", ["-c:a", "adpcm_ima_wav"])],
  ])("of %s equals ffmpeg's hash of the copied packets", (name, bytes) => {
    expect(identified(bytes).packetSha256).toBe(packetHashByFfmpeg(bytes, name));
  });

  it("is the sha256 of the frames, the data or the page bodies, as the vectors in docs/identity.md say", () => {
    expect(identified(mp3(60)).packetSha256).toBe(sha256(frames(60)));
    expect(identified(wav()).packetSha256).toBe(sha256(PCM_DATA));
  });

  it.each([
    ["MP3", "t.mp3", MP3],
    ["Opus", "t.opus", OPUS],
  ])("of an %s stays when ffmpeg writes other tags", (_, name, bytes) => {
    const retagged = remuxed(bytes, name, ["-metadata", "title=Retagged", "-metadata", "artist=Someone else"]);
    expect(identified(retagged).sha256).not.toBe(identified(bytes).sha256);
    expect(identified(retagged).packetSha256).toBe(identified(bytes).packetSha256);
  });

  it("stays when tags are put around an MP3", () => {
    const tagged = Buffer.concat([id3v2(3000), mp3(60), apev2(500), id3v1("title")]);
    expect(identified(tagged)).toMatchObject({
      packetSha256: identified(mp3(60)).packetSha256,
      structure: { complete: true, defects: [], remarks: [] },
    });
  });

  it("stays with another Ogg serial and other tags", () => {
    const one = identified(Buffer.concat(opusPages({ serial: 7 })));
    const other = identified(Buffer.concat(opusPages({ serial: 0xfffffffe, tags: "x".repeat(600) })));
    expect(other.packetSha256).toBe(one.packetSha256);
  });

  it("stays with another RIFF layout", () => {
    const layouts = [
      wav(PCM_DATA, { before: [chunk("bext", noise(602))], after: [chunk("LIST", noise(31))] }),
      wav(PCM_DATA, { declaredBytes: 0xffffffff, riffBytes: 0xffffffff }),
    ];
    for (const bytes of layouts) expect(identified(bytes).packetSha256).toBe(sha256(PCM_DATA));
  });

  it("changes with one bit of audio", () => {
    for (const [, bytes] of SAMPLES.slice(0, 3)) {
      const flipped = Buffer.from(bytes);
      flipped[bytes.length - 300] = (flipped[bytes.length - 300] ?? 0) ^ 1;
      expect(identified(flipped).packetSha256).not.toBe(identified(bytes).packetSha256);
    }
  });
});
