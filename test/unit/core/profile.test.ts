import { describe, expect, test } from "vitest";
import { ProfileError } from "../../../src/core/errors.ts";
import { PROFILE_NAME, type ProfileChoice, toProfile, toProfileName } from "../../../src/core/profile.ts";

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

describe("what is not the default has its place in the name", () => {
  const cases: readonly (readonly ["mp3" | "wav" | "opus", ProfileChoice, string])[] = [
    ["wav", { sampleRateHz: 8000, channels: 2 }, "wav-256k-8000-2ch"],
    ["opus", { bitrateKbps: 24, sampleRateHz: 48000 }, "opus-24k-48000"],
    ["opus", { cbr: true }, "opus-32k-16000-cbr"],
    ["mp3", { participant: "caller" }, "mp3-64k-16000-caller"],
    ["opus", { channels: 2, cbr: true, effort: "fast" }, "opus-32k-16000-2ch-cbr-fast"],
    ["mp3", { participant: "callee", effort: "best" }, "mp3-64k-16000-callee-best"],
    // MP3 and WAV are of one rate anyhow, PCM is no effort, and libopus does its best by default.
    ["mp3", { cbr: true }, "mp3-64k-16000"],
    ["wav", { cbr: true, effort: "best" }, "wav-256k-16000"],
    ["opus", { effort: "best" }, "opus-32k-16000"],
  ];
  test.each(cases)("%s %o", (format, choice, name) => {
    expect(toProfileName(toProfile(format, choice))).toBe(name);
    expect(name).toMatch(new RegExp(`^${PROFILE_NAME}$`));
  });

  test("no two profiles share one", () => {
    const choices: ProfileChoice[] = [];
    for (const sampleRateHz of [8000, 16000])
      for (const cbr of [false, true])
        for (const effort of ["fast", "default", "best"] as const)
          for (const party of [
            { channels: 2 },
            { participant: "all" },
            { participant: "caller" },
            { participant: "callee" },
          ] as const)
            choices.push({ sampleRateHz, cbr, effort, ...party });
    const profiles = (["mp3", "wav", "opus"] as const).flatMap((format) =>
      choices.map((choice) => toProfile(format, choice)),
    );
    const distinct = new Set(profiles.map((profile) => JSON.stringify(profile)));
    expect(new Set(profiles.map(toProfileName)).size).toBe(distinct.size);
  });
});

test("opus is of a constrained variable rate unless the exact one is asked for; the others have but one", () => {
  const modes = (cbr: boolean) =>
    (["mp3", "wav", "opus"] as const).map((format) => toProfile(format, { cbr }).bitrateMode);
  expect([modes(false), modes(true)]).toEqual([
    ["cbr", "cbr", "vbr"],
    ["cbr", "cbr", "cbr"],
  ]);
});

describe("what no profile allows is refused, and the legal values are named", () => {
  const cases: readonly (readonly ["mp3" | "wav" | "opus", ProfileChoice, RegExp])[] = [
    ["mp3", { sampleRateHz: 48000 }, /16000, 8000/],
    ["wav", { sampleRateHz: 44100 }, /16000, 8000/],
    ["opus", { sampleRateHz: 22050 }, /16000, 8000, 48000/],
    ["mp3", { bitrateKbps: 65 }, /64, 80/],
    ["mp3", { bitrateKbps: 128, sampleRateHz: 8000 }, /choose 8, .*64$/],
    ["mp3", { bitrateKbps: 320 }, /choose 8, 16, .*160$/],
    ["mp3", { bitrateKbps: 7 }, /choose 8, 16, .*160$/],
    ["mp3", { bitrateKbps: 64.5 }, /choose 8, 16, .*160$/],
    ["opus", { bitrateKbps: 5 }, /6 to 256/],
    ["opus", { bitrateKbps: 32.5 }, /6 to 256/],
    ["wav", { bitrateKbps: 128 }, /256 kbps/],
    ["mp3", { participant: "caller", channels: 2 }, /the caller alone has one channel/],
  ];
  test.each(cases)("%s %o", (format, choice, legal) => {
    expect(() => toProfile(format, choice)).toThrow(ProfileError);
    expect(() => toProfile(format, choice)).toThrow(legal);
  });
});
