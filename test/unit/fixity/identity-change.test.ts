import { describe, expect, it } from "vitest";
import type { StoredAudio } from "../../../src/archive/schema.ts";
import { toStoredAudio } from "../../../src/archive/stored-audio.ts";
import { toIdentityChange } from "../../../src/fixity/identity-change.ts";
import { noise, patched, spliced } from "../audio/bytes.ts";
import { identified } from "../audio/identified.ts";
import { FRAME_BYTES, frames, id3v1, id3v2, mp3 } from "../audio/mpeg-bytes.ts";
import { opusPages } from "../audio/ogg-bytes.ts";
import { chunk, PCM_DATA, wav } from "../audio/wav-bytes.ts";

const WAV = wav();
const MP3 = mp3(200);
const PAGES = opusPages();
const OPUS = Buffer.concat(PAGES);

function recordOf(bytes: Uint8Array): StoredAudio {
  return toStoredAudio("a recording", identified(bytes), (format) => `a.${format}`);
}

/** Compares what was stored with what is there now. */
function changeOf(stored: Uint8Array, now: Uint8Array) {
  return toIdentityChange(recordOf(stored), identified(now));
}

describe("the change of a recording", () => {
  it.each([
    ["wav", WAV],
    ["mp3", MP3],
    ["opus", OPUS],
  ])("of a %s is none when the bytes are the same", (_, bytes) => {
    expect(changeOf(bytes, Buffer.from(bytes))).toBeUndefined();
  });

  it("tells both digests, whatever it is called", () => {
    expect(changeOf(MP3, Buffer.concat([id3v2(20), MP3]))?.detail).toMatchObject({
      algorithm: "sha256",
      expected: identified(MP3).sha256,
      found: identified(Buffer.concat([id3v2(20), MP3])).sha256,
    });
  });

  it.each([
    ["a tag before an MP3", MP3, Buffer.concat([id3v2(200), MP3])],
    ["a tag behind an MP3", MP3, Buffer.concat([MP3, id3v1("x")])],
    ["an MP3 without its Info frame", MP3, frames(200)],
    ["a chunk before a WAV's audio", WAV, wav(PCM_DATA, { before: [chunk("LIST", noise(30))] })],
    ["a WAV that was written as a stream", WAV, wav(PCM_DATA, { declaredBytes: 0xffffffff, riffBytes: 0xffffffff })],
    ["another Ogg serial", OPUS, Buffer.concat(opusPages({ serial: 99 }))],
    ["other Opus tags", OPUS, Buffer.concat(opusPages({ tags: "other" }))],
  ])("is tags-changed for %s", (_, stored, now) => {
    expect(changeOf(stored, now)).toMatchObject({
      kind: "tags-changed",
      message: expect.stringMatching(/audio identical/),
    });
  });

  it("is trailing-data with its place when bytes follow the same audio", () => {
    for (const bytes of [WAV, MP3, OPUS]) {
      const change = changeOf(bytes, Buffer.concat([bytes, noise(1000)]));
      expect(change).toMatchObject({ kind: "trailing-data", detail: { byteOffset: bytes.length } });
    }
  });

  it("is digest-mismatch when a header makes the same samples sound different", () => {
    for (const shape of [{ rateHz: 8000 }, { tag: 6, bits: 8 }]) {
      const change = changeOf(WAV, wav(PCM_DATA, shape));
      expect(change).toMatchObject({ kind: "digest-mismatch", message: expect.stringMatching(/sound different/) });
    }
    expect(changeOf(OPUS, Buffer.concat(opusPages({ channels: 2 })))?.kind).toBe("digest-mismatch");
  });

  it.each([
    ["wav", WAV, 0.5, 16_000],
    ["mp3", MP3, 5 * 0.036, 5 * FRAME_BYTES],
  ])("is truncated with the lost seconds for a cut %s", (_, bytes, lostSeconds, cutBytes) => {
    const now = bytes.subarray(0, bytes.length - cutBytes);
    const change = changeOf(bytes, now);
    expect(change).toMatchObject({ kind: "truncated", detail: { byteOffset: now.length } });
    // An MP3 loses the encoder's padding of 623 samples first.
    expect(Math.abs((change?.detail.lostSeconds ?? 0) - lostSeconds)).toBeLessThan(0.04);
  });

  it("is truncated by whole pages for a cut Opus", () => {
    const kept = PAGES.slice(0, -3);
    const now = Buffer.concat([...kept, PAGES.at(-3)?.subarray(0, 100) ?? noise(1)]);
    const change = changeOf(OPUS, now);
    expect(change?.kind).toBe("truncated");
    expect(change?.detail.lostSeconds).toBeCloseTo(0.3 - 100 / 48000, 6);
    expect(change?.detail.atSeconds).toBeCloseTo(1.7 - 312 / 48000, 6);
  });

  it("is truncated with nothing lost where only what follows the audio is cut", () => {
    const stored = wav(PCM_DATA, { after: [chunk("LIST", noise(300))] });
    const change = changeOf(stored, stored.subarray(0, stored.length - 50));
    expect(change).toMatchObject({ kind: "truncated", detail: { lostSeconds: 0 } });
  });

  it.each([0, 8, 40])("is truncated with all lost when %i bytes are left", (left) => {
    for (const bytes of [WAV, MP3, OPUS]) {
      const { durationSeconds } = recordOf(bytes).structure;
      const change = changeOf(bytes, bytes.subarray(0, left));
      expect(change).toMatchObject({ kind: "truncated", detail: { lostSeconds: durationSeconds } });
    }
  });

  it("is digest-mismatch with place and loss where the structure shows the damage", () => {
    const at = PAGES.slice(0, 8).reduce((sum, { length }) => sum + length, 0);
    const change = changeOf(OPUS, patched(OPUS, at + 60, noise(8)));
    expect(change).toMatchObject({ kind: "digest-mismatch", detail: { byteOffset: at, atSeconds: 0.6 - 312 / 48000 } });
    expect(change?.detail.lostSeconds).toBeCloseTo(0.1, 6);
    expect(changeOf(MP3, patched(MP3, 20_000, Buffer.alloc(3000)))?.kind).toBe("digest-mismatch");
  });

  it("is digest-mismatch where no structure shows it", () => {
    const bare = frames(200);
    for (const bytes of [WAV, bare]) {
      const change = changeOf(bytes, patched(bytes, 20_010, noise(8, 9)));
      expect(change).toMatchObject({ kind: "digest-mismatch", message: expect.stringMatching(/number is/) });
    }
  });

  it("says so when the recording got longer", () => {
    const bare = frames(200);
    const longer = spliced(bare, 10 * FRAME_BYTES, { insert: frames(100) });
    expect(changeOf(bare, longer)).toMatchObject({
      kind: "digest-mismatch",
      message: expect.stringMatching(/3\.6 s longer/),
    });
  });

  it("does not take a defect that was there when it was stored for a new one", () => {
    const stored = Buffer.concat([noise(3000), MP3]);
    expect(changeOf(stored, Buffer.concat([stored, id3v1("x")]))?.message).toBe(
      "tags or container changed, audio identical",
    );
  });

  it.each([
    ["a JSON error", "not-audio", Buffer.from('{"error":"not_found"}')],
    ["an HTML page", "not-audio", Buffer.from("<!DOCTYPE html><html></html>")],
    ["a FLAC file", "wrong-format", Buffer.concat([Buffer.from("fLaC"), noise(5000)])],
  ])("is named after %s that stands in its place", (_, kind, now) => {
    for (const bytes of [WAV, MP3, OPUS]) expect(changeOf(bytes, now)?.kind).toBe(kind);
  });

  it("is wrong-format for a recording in another of the three formats", () => {
    expect(changeOf(WAV, MP3)?.kind).toBe("wrong-format");
    expect(changeOf(MP3, OPUS)?.kind).toBe("wrong-format");
    expect(changeOf(OPUS, WAV)?.kind).toBe("wrong-format");
  });

  it("is digest-mismatch at the beginning when the head is damaged", () => {
    for (const bytes of [WAV, OPUS]) {
      const change = changeOf(bytes, patched(bytes, 0, noise(4)));
      expect(change).toMatchObject({ kind: "digest-mismatch", detail: { byteOffset: 0 } });
    }
    expect(changeOf(WAV, patched(WAV, 36, Buffer.from("junk")))?.kind).toBe("digest-mismatch");
  });
});
