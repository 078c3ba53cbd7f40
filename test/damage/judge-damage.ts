import { toStoredAudio } from "../../src/archive/stored-audio.ts";
import { Identifier, type Identity } from "../../src/audio/identify.ts";
import { type IdentityChange, toIdentityChange } from "../../src/fixity/identity-change.ts";
import type { Damaged, DamageKind, Sample } from "./make-damage.ts";

/** What Holdfast said of one damaged file. */
export interface Judgement {
  readonly damaged: Damaged;
  readonly identity: Identity;
  /** Whether its own structure gives it away, with nothing stored to hold it against. */
  readonly isFoundAlone: boolean;
  /** What it is called against the stored identity; undefined when the change was not found. */
  readonly change: IdentityChange | undefined;
  readonly isRightName: boolean;
  /** How far the stated loss is from the true one, where both are known. */
  readonly lostErrorSeconds: number | undefined;
}

/** Computes the identity of bytes that are all there. */
export function identifyBytes(bytes: Uint8Array): Identity {
  const identifier = new Identifier();
  identifier.push(bytes);
  return identifier.end();
}

/** Tells whether a file's own structure says that something is wrong with it. */
export function isSuspect({ content, structure }: Identity): boolean {
  return (
    content.format === undefined ||
    structure === undefined ||
    structure.complete === false ||
    structure.defects.length > 0
  );
}

/** Judges a damaged file alone and against the identity of the whole one. */
export function judge(damaged: Damaged): Judgement {
  const { sample, lostSeconds } = damaged;
  const identity = identifyBytes(damaged.bytes);
  const recorded = toStoredAudio(sample.name, identifyBytes(sample.bytes), () => sample.name);
  const change = toIdentityChange(recorded, identity);
  const stated = change?.detail.lostSeconds;
  const lostErrorSeconds =
    stated === undefined || lostSeconds === undefined ? undefined : Math.abs(stated - lostSeconds);
  return {
    ...{ damaged, identity, change, lostErrorSeconds },
    isFoundAlone: isSuspect(identity),
    isRightName: change !== undefined && isRightName(damaged, change),
  };
}

function isRightName(damaged: Damaged, { kind }: IdentityChange): boolean {
  const { around, inside } = RIGHT_NAMES[damaged.kind](damaged);
  return (damaged.isInAudio ? inside : around).includes(kind);
}

interface Names {
  /** When audio was touched. */
  readonly inside: readonly string[];
  /** When only what stands around it was. */
  readonly around: readonly string[];
}

const CHANGED = {
  inside: ["digest-mismatch"],
  around: ["tags-changed", "digest-mismatch"],
};
const SAME_AUDIO = { inside: [], around: ["tags-changed"] };

/** The names that are right for each kind of damage. */
const RIGHT_NAMES: Readonly<Record<DamageKind, (damaged: Damaged) => Names>> = {
  cut: () => ({ inside: ["truncated"], around: ["truncated", "tags-changed"] }),
  "bit flipped": () => CHANGED,
  "8 bytes overwritten at 3 places": () => CHANGED,
  "block zeroed": () => CHANGED,
  "block removed": (damaged) => ({ inside: toRemovedNames(damaged), around: CHANGED.around }),
  "block doubled": () => CHANGED,
  "header damaged": () => CHANGED,
  // Up to 127 bytes are taken for a careless writer's in WAV and MP3.
  "trailing garbage": ({ bytes, sample }) => ({
    inside: [],
    around: bytes.length - sample.bytes.length <= 128 ? ["trailing-data", "tags-changed"] : ["trailing-data"],
  }),
  "garbage before": ({ sample }) => ({
    inside: [],
    around: sample.format === "mp3" ? ["tags-changed"] : CHANGED.inside,
  }),
  retagged: () => SAME_AUDIO,
  remuxed: () => SAME_AUDIO,
};

/** Nothing tells samples, or whole frames, that are missing inside from those that are missing at the end. */
function toRemovedNames({ sample, isAtEnd }: Damaged): readonly string[] {
  return sample.format === "opus" && !isAtEnd ? CHANGED.inside : [...CHANGED.inside, "truncated"];
}

/** Says which of its fellows a sample belongs to in a table. */
export function toGroup({ format, bytes }: Sample): string {
  if (format !== "mp3") return { wav: "WAV", opus: "Opus" }[format];
  const isCounted = /Xing|Info/.test(bytes.toString("latin1", 0, 512));
  return isCounted ? "MP3 with a count" : "MP3 without one";
}
