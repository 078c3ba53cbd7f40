import type { Structure } from "../../src/audio/structure.ts";
import type { OtherFacts } from "./other-readers.ts";

/** One fact as we and another program see it. */
export interface ComparedFact {
  readonly what: "packets" | "channels" | "rate" | "decoded samples" | "opusinfo" | "soxi";
  readonly agrees: boolean;
  /** How they differ, for a person. */
  readonly words: string;
}

/** opusinfo prints milliseconds. */
const OPUSINFO_SECONDS = 0.001;

/** Holds our facts against those of the others, as far as they say anything. */
export function compareFacts(structure: Structure, others: OtherFacts): readonly ComparedFact[] {
  const { container, frames, channels, sampleRateHz, samples, durationSeconds } = structure;
  const isOpus = container === "ogg";
  const facts = [
    // The packets of a WAV are whatever the reader takes at once.
    container === "wav" ? undefined : toFact("packets", frames, others.packets),
    toFact("channels", channels, others.channels),
    toFact("rate", isOpus ? 48000 : sampleRateHz, others.sampleRateHz),
    toFact("decoded samples", samples, others.decodedSamples),
    others.opus && toOpusFact({ channels, sampleRateHz, durationSeconds }, others.opus),
    others.sox && toFact("soxi", `${samples}/${sampleRateHz}/${channels}`, toSoxWords(others.sox)),
  ];
  return facts.filter((fact) => fact !== undefined);
}

function toFact(what: ComparedFact["what"], ours: number | string, theirs: number | string | undefined) {
  if (theirs === undefined) return undefined;
  return { what, agrees: ours === theirs, words: `${what}: ${ours} here, ${theirs} there` };
}

function toOpusFact(
  ours: Pick<Structure, "channels" | "sampleRateHz" | "durationSeconds">,
  { seconds, channels, inputRateHz }: NonNullable<OtherFacts["opus"]>,
): ComparedFact {
  const isSame = ours.channels === channels && (ours.sampleRateHz === inputRateHz || Number.isNaN(inputRateHz));
  const agrees = isSame && Math.abs(ours.durationSeconds - seconds) <= OPUSINFO_SECONDS;
  const words = `opusinfo: ${ours.durationSeconds.toFixed(3)} s here, ${seconds} s there`;
  return { what: "opusinfo", agrees, words };
}

function toSoxWords({ samples, sampleRateHz, channels }: NonNullable<OtherFacts["sox"]>): string {
  return `${samples}/${sampleRateHz}/${channels}`;
}
