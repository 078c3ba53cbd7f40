import { describe, expect, test } from "vitest";
import { ENVELOPE_RATE_HZ, type Envelope, EnvelopeBuilder, FRAMES_PER_SECOND } from "../../../src/audio/envelope.ts";

/** Interleaves what a function gives for each channel at each sample, 1 being full scale. */
function toPcm(samples: number, ...channels: readonly ((at: number) => number)[]): Buffer {
  const bytes = Buffer.alloc(samples * channels.length * 2);
  for (let at = 0; at < samples; at++) {
    for (const [index, wave] of channels.entries()) {
      bytes.writeInt16LE(Math.round(wave(at) * 32767), (at * channels.length + index) * 2);
    }
  }
  return bytes;
}

function build(channels: number, chunks: Iterable<Uint8Array>): Envelope {
  const builder = new EnvelopeBuilder(channels);
  for (const chunk of chunks) builder.update(chunk);
  return builder.finish();
}

const tone = (hertz: number, amplitude: number) => (at: number) =>
  amplitude * Math.sin((2 * Math.PI * hertz * at) / ENVELOPE_RATE_HZ);

/** The level of the last frame, when the filter has settled. */
function lastDb({ channels }: Envelope, channel: number): number {
  return 10 * Math.log10(channels[channel]?.at(-1) ?? 0);
}

describe("what it measures", () => {
  test("a tone of amplitude 0.5 stands at -9.03 dB in its own channel alone", () => {
    const envelope = build(2, [toPcm(ENVELOPE_RATE_HZ, tone(1000, 0.5), () => 0)]);
    expect(envelope.samples).toBe(ENVELOPE_RATE_HZ);
    expect(envelope.channels.map((frames) => frames.length)).toEqual([FRAMES_PER_SECOND, FRAMES_PER_SECOND]);
    expect(lastDb(envelope, 0)).toBeCloseTo(-9.03, 0);
    expect(lastDb(envelope, 1)).toBeLessThan(-200);
  });

  test("what is constant counts for nothing", () => {
    const envelope = build(1, [toPcm(ENVELOPE_RATE_HZ, () => 0.5)]);
    expect(lastDb(envelope, 0)).toBeLessThan(-200);
  });

  test("each 10 ms stand for themselves", () => {
    const envelope = build(1, [toPcm(160, (at) => (at < 80 ? 0 : tone(1000, 0.5)(at)))]);
    expect(envelope.channels[0]?.[0]).toBeLessThan(1e-20);
    expect(envelope.channels[0]?.[1]).toBeGreaterThan(0.1);
  });

  test("samples of a frame that is not whole are counted, and give no frame", () => {
    const envelope = build(1, [toPcm(81, tone(1000, 0.5))]);
    expect(envelope.samples).toBe(81);
    expect(envelope.channels[0]).toHaveLength(1);
  });

  test("no bytes are no samples", () => {
    expect(build(2, [])).toEqual({ samples: 0, channels: [[], []] });
  });
});

test.each([1, 2, 3, 7, 161, 4096])("it is the same when it comes in pieces of %i bytes", (size) => {
  const pcm = toPcm(2000, tone(440, 0.4), tone(700, 0.9));
  const pieces = Array.from({ length: Math.ceil(pcm.length / size) }, (_, at) =>
    pcm.subarray(at * size, (at + 1) * size),
  );
  expect(build(2, pieces)).toEqual(build(2, [pcm]));
});

test("it does not matter where in memory a piece lies", () => {
  const pcm = toPcm(500, tone(440, 0.4));
  const moved = Buffer.concat([Buffer.alloc(1), pcm]).subarray(1);
  expect(build(1, [moved])).toEqual(build(1, [pcm]));
});
