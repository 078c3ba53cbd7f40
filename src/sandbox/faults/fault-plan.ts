import { SeededRandom } from "../seeded-random.ts";
import { type FaultKind, type FaultPlace, type FaultStage, rulesOf } from "./fault-kinds.ts";
import type { Fault } from "./parse-faults.ts";

/** What a fault may strike: one request, row or webhook. */
export interface Occasion {
  readonly stage: FaultStage;
  readonly place: FaultPlace;
  /** Tells it from others at the same place; the same request made again has the same. */
  readonly subject: string;
  /** The recording that it is about, if it is about one. */
  readonly recordingId?: string | undefined;
  /** Whether part of a file is asked for. @default false */
  readonly hasRange?: boolean;
}

/** A fault that was drawn for an occasion. It counts only when it is told to have struck. */
export interface DrawnFault {
  readonly fault: Fault;
  readonly occasion: Occasion;
  /** Decides what the fault leaves open; the same for every strike of a fault that is `always`. */
  readonly random: SeededRandom;
}

/**
 * Draws faults and counts those that struck. What is drawn depends on the seed, on the occasion and on how often
 * that came before, never on other requests in between: a run with more concurrency has the same faults.
 */
export class FaultPlan {
  readonly #faults: readonly Fault[];
  readonly #seed: number;
  readonly #occurrences = new Map<string, number>();
  readonly #spent = new Set<string>();
  readonly #counts = new Map<FaultKind, number>();
  readonly #struck = new Map<string, FaultKind[]>();

  constructor(faults: readonly Fault[], seed: number) {
    this.#faults = faults;
    this.#seed = seed;
  }

  /** How often each kind struck. */
  get counts(): ReadonlyMap<FaultKind, number> {
    return this.#counts;
  }

  /** Returns what befalls an occasion, if anything; the first of the list that is drawn. */
  draw(occasion: Occasion): DrawnFault | undefined {
    const possible = this.#faults.filter((fault) => canStrike(fault, occasion));
    if (possible.length === 0) return undefined;
    const { recordingId } = occasion;
    const permanent = recordingId === undefined ? undefined : this.#permanentOf(recordingId);
    if (permanent !== undefined && possible.includes(permanent)) {
      return { fault: permanent, occasion, random: this.#random("always", recordingId) };
    }
    const key = toKey(occasion);
    const before = this.#occurrences.get(key) ?? 0;
    this.#occurrences.set(key, before + 1);
    const random = this.#random(key, before);
    const fault = possible
      .filter(({ repeats }) => repeats !== "always")
      .find((one) => random.chance(one.probability) && !this.#spent.has(this.#toOnceKey(one, occasion)));
    return fault === undefined ? undefined : { fault, occasion, random };
  }

  /** Returns what befalls an occasion whenever it comes: the probability is the share of occasions that have it. */
  drawShare(occasion: Occasion): DrawnFault | undefined {
    const random = this.#random("share", toKey(occasion));
    const fault = this.#faults.find((one) => canStrike(one, occasion) && random.chance(one.probability));
    return fault === undefined ? undefined : { fault, occasion, random };
  }

  /** Notes that a drawn fault did strike. */
  strike({ fault, occasion }: DrawnFault): void {
    const { kind, repeats } = fault;
    const { recordingId } = occasion;
    if (repeats === "once") this.#spent.add(this.#toOnceKey(fault, occasion));
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    if (recordingId !== undefined) this.#struck.set(recordingId, [...this.struck(recordingId), kind]);
  }

  /** Returns what struck requests about a recording so far, in order. */
  struck(recordingId: string): readonly FaultKind[] {
    return this.#struck.get(recordingId) ?? [];
  }

  /** Returns the fault that a recording always has, if it has one. */
  permanentFaultOf(recordingId: string): FaultKind | undefined {
    return this.#permanentOf(recordingId)?.kind;
  }

  #permanentOf(recordingId: string): Fault | undefined {
    return this.#faults.find(
      ({ repeats, probability }, index) =>
        repeats === "always" && this.#random("always", index, recordingId).chance(probability),
    );
  }

  #toOnceKey(fault: Fault, occasion: Occasion): string {
    return `${this.#faults.indexOf(fault)}/${toKey(occasion)}`;
  }

  #random(...parts: readonly unknown[]): SeededRandom {
    return new SeededRandom([this.#seed, "fault", ...parts].join("/"));
  }
}

function canStrike({ kind, places }: Fault, { stage, place, hasRange = false }: Occasion): boolean {
  const rules = rulesOf(kind);
  return rules.stage === stage && places.includes(place) && (hasRange || rules.needsRange === undefined);
}

function toKey({ stage, place, subject }: Occasion): string {
  return `${stage}/${place}/${subject}`;
}
