import type { Participant } from "../core/recording.ts";

/** One of the two people on a call. */
export type Party = Exclude<Participant, "all">;

/** What one party says until the other begins. */
interface Turn {
  readonly party: Party;
  /** Mono, at {@link SPEECH_RATE_HZ}. */
  readonly samples: Int16Array;
}

/** A conversation, turn by turn. */
export type Dialogue = readonly Turn[];

/** The rate that all speech is stored and composed at. */
export const SPEECH_RATE_HZ = 16000;

/**
 * Takes a stereo conversation apart: left is the caller, right is the callee, and a party that is not speaking
 * is digitally silent. Pauses within a turn stay, pauses between turns go.
 */
export function toDialogue(interleaved: Int16Array): Dialogue {
  return findStretches(interleaved).map(({ party, first, last }) => ({
    party,
    samples: takeChannel(interleaved, { channel: party === "caller" ? 0 : 1, first, last }),
  }));
}

interface Stretch {
  readonly party: Party;
  readonly first: number;
  last: number;
}

function findStretches(interleaved: Int16Array): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (let frame = 0; frame * 2 < interleaved.length; frame++) {
    const party = speakerAt(interleaved, frame);
    if (party === undefined) continue;
    const current = stretches.at(-1);
    if (current?.party === party) current.last = frame;
    else stretches.push({ party, first: frame, last: frame });
  }
  return stretches;
}

function speakerAt(interleaved: Int16Array, frame: number): Party | undefined {
  if (interleaved[frame * 2] !== 0) return "caller";
  return interleaved[frame * 2 + 1] !== 0 ? "callee" : undefined;
}

function takeChannel(
  interleaved: Int16Array,
  { channel, first, last }: { channel: 0 | 1; first: number; last: number },
): Int16Array {
  return Int16Array.from({ length: last - first + 1 }, (_, index) => interleaved[(first + index) * 2 + channel] ?? 0);
}
