import { describe, expect, test } from "vitest";
import { ProfileError } from "../../../src/core/errors.ts";
import { type ProfileChoice, toProfile, toProfileName } from "../../../src/core/profile.ts";

describe("the documented settings are the defaults", () => {
  test.each([
    ["mp3", "libmp3lame", 64, "mp3-64k-16000"],
    ["wav", "pcm_s16le", 256, "wav-256k-16000"],
    ["opus", "libopus", 32, "opus-32k-16000"],
  ] as const)("%s", (format, encoder, bitrateKbps, name) => {
    const profile = toProfile(format);
    expect(profile).toMatchObject({ format, encoder, bitrateKbps, sampleRateHz: 16000, channels: 1 });
    expect(toProfileName(profile)).toBe(name);
  });
});

test("stereo and other rates have names of their own", () => {
  expect(toProfileName(toProfile("wav", { sampleRateHz: 8000, channels: 2 }))).toBe("wav-256k-8000-2ch");
  expect(toProfileName(toProfile("opus", { bitrateKbps: 24, sampleRateHz: 48000 }))).toBe("opus-24k-48000");
});

describe("what no profile allows is refused, and the legal values are named", () => {
  const cases: readonly (readonly ["mp3" | "wav" | "opus", ProfileChoice, RegExp])[] = [
    ["mp3", { sampleRateHz: 48000 }, /16000, 8000/],
    ["wav", { sampleRateHz: 44100 }, /16000, 8000/],
    ["opus", { sampleRateHz: 22050 }, /16000, 8000, 48000/],
    ["mp3", { bitrateKbps: 65 }, /64, 80/],
    ["mp3", { bitrateKbps: 128, sampleRateHz: 8000 }, /choose 8, .*64$/],
    ["mp3", { bitrateKbps: 320 }, /8 to 160/],
    ["opus", { bitrateKbps: 5 }, /6 to 256/],
    ["opus", { bitrateKbps: 32.5 }, /6 to 256/],
    ["wav", { bitrateKbps: 128 }, /256 kbps/],
  ];
  test.each(cases)("%s %o", (format, choice, legal) => {
    expect(() => toProfile(format, choice)).toThrow(ProfileError);
    expect(() => toProfile(format, choice)).toThrow(legal);
  });
});
