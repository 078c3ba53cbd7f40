import type { AudioFormat } from "../../src/core/audio-format.ts";
import { SeededRandom } from "../../src/sandbox/seeded-random.ts";
import { type AudioMap, keptSeconds, touchedSeconds, tracesOfDoubling } from "./audio-map.ts";
import { remux } from "./remux.ts";
import { retag } from "./retag.ts";

/** Everything that is done to a whole file. The last two leave the audio as it is. */
export const DAMAGE_KINDS = [
  ...(["cut", "bit flipped", "8 bytes overwritten at 3 places", "block zeroed", "block removed"] as const),
  ...(["block doubled", "header damaged", "trailing garbage", "garbage before", "retagged", "remuxed"] as const),
] as const;
export type DamageKind = (typeof DAMAGE_KINDS)[number];

/** A whole file. */
export interface Sample {
  readonly name: string;
  readonly format: AudioFormat;
  readonly bytes: Buffer;
  readonly map: AudioMap;
}

/** A file with something done to it, and what a judge of it should say. */
export interface Damaged {
  readonly kind: DamageKind;
  readonly sample: Sample;
  /** Names the one file of its kind and sample: the percent of a cut, or the seed. */
  readonly seed: number;
  readonly bytes: Buffer;
  /** Whether a byte of audio was touched, or is there once more. */
  readonly isInAudio: boolean;
  /** Whether the last piece of audio was touched, so that what is left ends as a cut file does. */
  readonly isAtEnd: boolean;
  /** How much audio is gone, where that is beyond doubt. */
  readonly lostSeconds: number | undefined;
}

/** What was done, and to which bytes of the whole file. */
interface Change {
  readonly bytes: Buffer;
  readonly ranges: readonly Range[];
}

interface Range {
  readonly from: number;
  readonly to: number;
}

const MAX_BLOCK_BYTES = 8192;

/** Cuts a file to a percentage of its bytes. */
export function cutAt(sample: Sample, percent: number): Damaged {
  const { bytes, map } = sample;
  const at = Math.floor((bytes.length * percent) / 100);
  const lostSeconds = map.durationSeconds - keptSeconds(map, at);
  const isInAudio = touchedSeconds(map, { from: at, to: bytes.length }) > 0;
  return { kind: "cut", sample, seed: percent, bytes: bytes.subarray(0, at), isInAudio, isAtEnd: true, lostSeconds };
}

/** Damages a file; the same seed always gives the same bytes, and never those of the whole file. */
export function damage(sample: Sample, kind: Exclude<DamageKind, "cut">, seed: number): Damaged {
  const random = new SeededRandom(`${sample.name}/${kind}/${seed}`);
  for (;;) {
    const { bytes, ranges } = CHANGES[kind](sample, random);
    // A block of digital silence can be zeroed, and a byte overwritten with itself.
    if (bytes.equals(sample.bytes)) continue;
    const isTouched = kind === "block doubled" ? tracesOfDoubling : touchedSeconds;
    const isInAudio = ranges.some((range) => isTouched(sample.map, range) > 0);
    const isAtEnd = ranges.some(({ to }) => to > (sample.map.pieces.at(-1)?.from ?? 0));
    return { kind, sample, seed, bytes, isInAudio, isAtEnd, lostSeconds: toLostSeconds(sample, kind, ranges) };
  }
}

/** A page of Opus is lost as a whole; in the others only bytes that are gone are surely lost. Without a head, all is. */
function toLostSeconds({ format, map }: Sample, kind: DamageKind, ranges: readonly Range[]): number | undefined {
  const isPageLost = format === "opus" && (kind === "bit flipped" || kind === "block zeroed");
  const [range] = ranges;
  if (range === undefined || range.from < map.headBytes || !(kind === "block removed" || isPageLost)) return undefined;
  return touchedSeconds(map, range);
}

const CHANGES: Readonly<Record<Exclude<DamageKind, "cut">, (sample: Sample, random: SeededRandom) => Change>> = {
  "bit flipped": ({ bytes }, random) => {
    const at = random.between(0, bytes.length - 1);
    return overwritten(bytes, [[at, Buffer.from([bytes.readUInt8(at) ^ (1 << random.between(0, 7))])]]);
  },
  "8 bytes overwritten at 3 places": ({ bytes }, random) => {
    const places = [0, 1, 2].map(() => [random.between(0, bytes.length - 8), noise(8, random)] as const);
    return overwritten(bytes, places);
  },
  "block zeroed": ({ bytes }, random) => {
    const { from, to } = toBlock(bytes, random);
    return overwritten(bytes, [[from, Buffer.alloc(to - from)]]);
  },
  "block removed": ({ bytes }, random) => {
    const { from, to } = toBlock(bytes, random);
    return { bytes: Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]), ranges: [{ from, to }] };
  },
  "block doubled": ({ bytes }, random) => {
    const { from, to } = toBlock(bytes, random);
    return { bytes: Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]), ranges: [{ from, to }] };
  },
  "header damaged": ({ bytes, map }, random) => {
    const count = random.between(1, 8);
    const at = random.between(0, Math.max(0, Math.max(map.headBytes, 4) - count));
    return overwritten(bytes, [[at, noise(count, random)]]);
  },
  "trailing garbage": ({ bytes }, random) => {
    const garbage = noise(random.between(1, 4096), random);
    return { bytes: Buffer.concat([bytes, garbage]), ranges: [] };
  },
  "garbage before": ({ bytes }, random) => {
    const garbage = noise(random.between(1, 4096), random);
    return { bytes: Buffer.concat([garbage, bytes]), ranges: [] };
  },
  retagged: (sample, random) => ({ bytes: retag(sample, random), ranges: [] }),
  remuxed: (sample, random) => ({ bytes: remux(sample, random), ranges: [] }),
};

function overwritten(bytes: Buffer, patches: readonly (readonly [number, Buffer])[]): Change {
  const copy = Buffer.from(bytes);
  for (const [at, patch] of patches) copy.set(patch, at);
  return { bytes: copy, ranges: patches.map(([from, patch]) => ({ from, to: from + patch.length })) };
}

/** A stretch of up to {@link MAX_BLOCK_BYTES}, and never more than a tenth of the file. */
function toBlock({ length }: Buffer, random: SeededRandom): Range {
  const size = random.between(16, Math.min(MAX_BLOCK_BYTES, Math.floor(length / 10)));
  const from = random.between(0, length - size);
  return { from, to: from + size };
}

function noise(count: number, random: SeededRandom): Buffer {
  return Buffer.from(Array.from({ length: count }, () => random.between(0, 255)));
}
