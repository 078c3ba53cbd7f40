import { expect, test } from "vitest";
import type { Structure } from "../../../../src/audio/structure.ts";
import { judgeCount } from "../../../../src/fixity/deep/judge-count.ts";

const WAV: Structure = {
  container: "wav",
  codec: "pcm_s16le",
  sampleRateHz: 8000,
  channels: 1,
  frames: 80_000,
  samples: 80_000,
  samplesRateHz: 8000,
  samplesExact: true,
  durationSeconds: 10,
  declaredDurationSeconds: 10,
  packetBytes: 160_000,
  bitrateKbps: 128,
  complete: true,
  defects: [],
  remarks: [],
};
const MP3: Structure = { ...WAV, container: "mp3", codec: "mp3", frames: 139, packetBytes: 40_000 };
const OPUS: Structure = {
  ...WAV,
  container: "ogg",
  codec: "opus",
  samplesRateHz: 48_000,
  samples: 480_000,
  frames: 500,
};
const ADPCM: Structure = { ...WAV, codec: "adpcm_ima_wav", samplesExact: false, frames: 80, packetBytes: 80 * 512 };

/** Which of some surpluses of samples are findings. */
function refused(structure: Structure, surpluses: readonly number[]): readonly number[] {
  const trace = { sizeBytes: 1, inode: "1", modifiedNs: "1" };
  return surpluses.filter((surplus) => {
    const counted = { samples: structure.samples + surplus, sampleRateHz: structure.samplesRateHz };
    return judgeCount({ path: "/x", structure, trace }, counted).length > 0;
  });
}

const SURPLUSES = [-80_000, -5761, -3410, -3409, -1025, -1, 0, 1, 1024, 3409, 3410, 5760, 5761];
const ALL_BUT_0 = SURPLUSES.filter((surplus) => surplus !== 0);

test.each([
  ["a WAV", WAV],
  ["an MP3 with its delays", MP3],
  ["an Opus file", OPUS],
  ["a file with something behind it", { ...WAV, defects: [{ kind: "trailing-data", message: "" }] } as const],
])("of %s every sample counts", (_, structure) => {
  expect(refused(structure, SURPLUSES)).toEqual(ALL_BUT_0);
});

test("of an MP3 without its delays, two frames and the delay of a decoder are left open", () => {
  const beyond = [-80_000, -5761, -3410, 3410, 5760, 5761];
  expect(refused({ ...MP3, samplesExact: false }, SURPLUSES)).toEqual(beyond);
});

test("of ADPCM that ends within a block, that block is left open", () => {
  expect(refused(ADPCM, SURPLUSES)).toEqual([-80_000, -5761, -3410, -3409, -1025, 3409, 3410, 5760, 5761]);
});

test("of Opus in a single packet, that packet is left open", () => {
  expect(refused({ ...OPUS, frames: 1, samples: 300 }, [-299, 312, 5760, 5761])).toEqual([5761]);
});

test.each([
  ["the structure has defects", { ...MP3, complete: false, defects: [{ kind: "truncated", message: "" }] } as const],
  ["several recordings are joined", { ...OPUS, links: 2 }],
  ["only a byte rate tells the length", { ...WAV, samplesExact: false, frames: 160_000 }],
  ["there are pauses", { ...WAV, container: "amr", samplesExact: false } as const],
])("where %s, no number of samples is wrong but none", (_, structure) => {
  expect(refused(structure, [-structure.samples, 1 - structure.samples, -1, 0, 1, 5761])).toEqual([-structure.samples]);
});

test("another rate is another length", () => {
  const trace = { sizeBytes: 1, inode: "1", modifiedNs: "1" };
  const found = judgeCount({ path: "/x", structure: WAV, trace }, { samples: 80_000, sampleRateHz: 16_000 });
  expect(found).toEqual([
    {
      kind: "duration-mismatch",
      subject: "/x",
      message: "it is decoded at 16000 Hz instead of 8000 Hz",
      detail: { expected: 8000, found: 16_000 },
    },
  ]);
});
