import { expect, test } from "vitest";
import { FrameListing } from "../../../src/ffmpeg/frame-listing.ts";

const LISTING = `#software: Lavf59.27.100
#tb 0: 1/16000
#media_type 0: audio
#codec_id 0: pcm_s16le
#sample_rate 0: 16000
#channel_layout_name 0: mono
#tb 1: 1/48000
#sample_rate 1: 48000
0,          0,          0,    65536,   131072, 0x9097cad9
1,          0,          0,    65536,   131072, 0x1d4d1f7a
1,      65536,      65536,     2064,     4128, 0x12328391
0,      65536,      65536,    30464,    60928, 0x4e0e30ce
`;

function read(pieces: readonly string[]): readonly unknown[] {
  const listing = new FrameListing();
  for (const piece of pieces) listing.push(piece);
  return [listing.stream(0), listing.stream(1), listing.stream(2)];
}

const TOTALS = [
  { samples: 96_000, sampleRateHz: 16_000 },
  { samples: 67_600, sampleRateHz: 48_000 },
  { samples: 0, sampleRateHz: 0 },
];

test("each stream's samples are added up, at its own rate; of one that gave nothing there is nothing", () => {
  expect(read([LISTING])).toEqual(TOTALS);
});

test("wherever the listing is split, the sums are the same", () => {
  expect(read([...LISTING])).toEqual(TOTALS);
  for (const size of [7, 31, 64]) {
    const pieces = Array.from({ length: Math.ceil(LISTING.length / size) }, (_, at) =>
      LISTING.slice(at * size, (at + 1) * size),
    );
    expect(read(pieces)).toEqual(TOTALS);
  }
});

test("what is no listing counts nothing, also if its lines never end", () => {
  expect(read(["x".repeat(1 << 20), "0, 0, 0, 5, 10, 0x00000000\n", "rubbish\n0, 1, 2\n"])).toEqual(
    Array(3).fill(TOTALS[2]),
  );
});
