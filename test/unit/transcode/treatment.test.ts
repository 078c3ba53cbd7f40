import { describe, expect, test } from "vitest";
import type { AudioFormat } from "../../../src/core/audio-format.ts";
import { type CallerChannel, type ProfileChoice, toProfile } from "../../../src/core/profile.ts";
import type { ConvertibleSource } from "../../../src/transcode/convertible-source.ts";
import { toTreatment } from "../../../src/transcode/treatment.ts";

/** A source with nothing remarkable about it but what is named: a WAV of a minute at 16 kHz. */
function toSource(facts: Partial<ConvertibleSource["structure"]> = {}, isLossy = false): ConvertibleSource {
  const structure = { codec: "pcm_s16le", sampleRateHz: 16000, samplesRateHz: 16000, samples: 960_000, channels: 1 };
  const rest = { frames: 960_000, packetBytes: 1_920_000, complete: true, defects: [], remarks: [] };
  const source = { identity: { content: { format: "wav" } }, structure: { ...structure, ...rest, ...facts }, isLossy };
  return { ...source, demuxer: "wav" } as unknown as ConvertibleSource;
}

function treat(
  source: ConvertibleSource,
  format: AudioFormat,
  choice: ProfileChoice = {},
  callerChannel?: CallerChannel,
) {
  return toTreatment("x.wav", { source, profile: toProfile(format, choice) }, { callerChannel, lossy: "allow" });
}

describe("which channel is taken, and how they are mixed", () => {
  test.each([
    [1, { channels: 1 }, undefined, undefined],
    [1, { channels: 2 }, undefined, "pan=stereo|c0=c0|c1=c0"],
    [2, { channels: 1 }, undefined, "pan=mono|c0=0.5*c0+0.5*c1"],
    [2, { channels: 2 }, undefined, undefined],
    [6, { channels: 1 }, undefined, expect.stringMatching(/^pan=mono\|c0=0\.16\d+\*c0\+.*\*c5$/)],
    [2, { participant: "caller" }, "left", "pan=mono|c0=c0"],
    [2, { participant: "caller" }, "right", "pan=mono|c0=c1"],
    [2, { participant: "callee" }, "left", "pan=mono|c0=c1"],
    [2, { participant: "callee" }, "right", "pan=mono|c0=c0"],
    // Who wants all of them need not know who is where.
    [2, { participant: "all" }, "right", "pan=mono|c0=0.5*c0+0.5*c1"],
  ] as const)("%d channels as %o, the caller %s", (channels, choice, callerChannel, filter) => {
    expect(treat(toSource({ channels }), "mp3", choice, callerChannel).filter).toEqual(filter);
  });
});

describe("what cannot be told apart is refused", () => {
  test("one channel", () => {
    expect(() => treat(toSource(), "mp3", { participant: "caller" }, "left")).toThrow(
      expect.objectContaining({ code: "MEDIA_PARTICIPANT_UNKNOWN", message: expect.stringContaining("x.wav") }),
    );
  });

  test("two channels of which nobody says which is which", () => {
    expect(() => treat(toSource({ channels: 2 }), "mp3", { participant: "callee" })).toThrow(
      expect.objectContaining({ code: "MEDIA_PARTICIPANT_UNKNOWN", hint: expect.stringContaining("--caller-channel") }),
    );
  });

  test("six channels, one party of them or two channels", () => {
    const source = toSource({ channels: 6 });
    expect(() => treat(source, "mp3", { participant: "caller" }, "left")).toThrow(/6 channels/);
    expect(() => treat(source, "mp3", { channels: 2 })).toThrow(expect.objectContaining({ code: "MEDIA_UNSUPPORTED" }));
  });
});

describe("what a reader should know of the quality", () => {
  const mp3 = toSource({ codec: "mp3" }, true);
  test.each([
    ["a lossless source", toSource(), "mp3", {}, []],
    ["lossy to lossy", mp3, "opus", {}, [/mp3: lossy to lossy/]],
    ["lossy to lossless", mp3, "wav", {}, [/does not come back/]],
    ["a higher rate", toSource({ sampleRateHz: 8000 }), "mp3", {}, [/upsampled from 8000 Hz: nothing above 4000 Hz/]],
    ["a lower rate", toSource({ sampleRateHz: 44100 }), "mp3", {}, []],
    ["one channel as two", toSource(), "mp3", { channels: 2 }, [/both channels are the one/]],
    [
      "junk around the stream",
      toSource({ streamSpan: { startByte: 5, endByte: 99 } }),
      "mp3",
      {},
      [/from 5 to before 99/],
    ],
  ] as const)("%s", (_, source, format, choice, remarks) => {
    expect(treat(source, format, choice).remarks).toEqual(remarks.map((remark) => expect.stringMatching(remark)));
  });
});

describe("--lossy refuse", () => {
  const refuse = (source: ConvertibleSource, format: AudioFormat) =>
    toTreatment("x", { source, profile: toProfile(format) }, { callerChannel: undefined, lossy: "refuse" });

  test("forbids lossy to lossy, with a hint, and nothing else", () => {
    const lossy = toSource({ codec: "gsm" }, true);
    expect(() => refuse(lossy, "opus")).toThrow(
      expect.objectContaining({
        code: "MEDIA_LOSSY_REFUSED",
        message: "gsm to opus is lossy to lossy: x",
        hint: expect.any(String),
      }),
    );
    expect(refuse(lossy, "wav").conforms).toBe(false);
    expect(refuse(toSource(), "opus").conforms).toBe(false);
  });
});
