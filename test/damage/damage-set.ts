import { copyPackets } from "./ffmpeg.ts";
import { cutAt, DAMAGE_KINDS, type Damaged, damage, type Sample } from "./make-damage.ts";

/** Which of the set is made. */
export interface DamageSetOptions {
  readonly seeds: number;
  /** Cuts are at every so many percent, from 1 on. */
  readonly cutEveryPercent: number;
  /** How often the embedded ffmpeg wraps each sample anew. */
  readonly copies: number;
}

/** Makes all that is done to one sample, one after another. */
export function* makeDamageSet(
  sample: Sample,
  { seeds, cutEveryPercent, copies }: DamageSetOptions,
): Generator<Damaged> {
  for (let percent = 1; percent <= 99; percent += cutEveryPercent) yield cutAt(sample, percent);
  for (const kind of DAMAGE_KINDS) {
    for (let seed = 0; kind !== "cut" && seed < seeds; seed += 1) yield damage(sample, kind, seed);
  }
  for (let seed = 0; seed < copies; seed += 1) yield copied(sample, seed);
}

function copied(sample: Sample, seed: number): Damaged {
  const bytes = copyPackets(sample.bytes, sample.name, `copy ${seed}`);
  return {
    kind: "remuxed",
    sample,
    seed: 1000 + seed,
    bytes,
    isInAudio: false,
    isAtEnd: false,
    lostSeconds: undefined,
  };
}
