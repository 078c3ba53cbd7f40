import type { HoldCriteria } from "../core/hold.ts";
import { sameNumber } from "../core/phone-number.ts";
import type { RecordingId } from "../core/recording-id.ts";

/** What a hold is held against; what is not known of it is undefined. */
export interface HoldSubject {
  readonly recordingId: RecordingId;
  readonly callId?: string | undefined;
  readonly createdAtMs?: number | undefined;
  readonly call?: { readonly from?: string | undefined; readonly to?: string | undefined } | undefined;
}

/** How sure it is that a recording is meant. Of one of which too little is known that cannot be told: it counts as held. */
export type Certainty = "certain" | "undecidable";

/** Finds what catches a recording, among criteria that may name hundreds of thousands. */
export class HoldIndex {
  readonly #criteria = new Map<number, HoldCriteria>();
  readonly #named = { recordings: new Map<string, Set<number>>(), calls: new Map<string, Set<number>>() };
  readonly #namingCalls = new Set<number>();
  readonly #matching = new Set<number>();

  /** Takes in criteria under a number of their own. */
  add(seq: number, criteria: HoldCriteria): void {
    this.#criteria.set(seq, criteria);
    if (criteria.kind === "matching") {
      this.#matching.add(seq);
      return;
    }
    for (const recordingId of criteria.recordingIds) addTo(this.#named.recordings, recordingId, seq);
    for (const callId of criteria.callIds) addTo(this.#named.calls, callId, seq);
    if (criteria.callIds.length > 0) this.#namingCalls.add(seq);
  }

  /** Forgets the criteria of a number. Idempotent. */
  remove(seq: number): void {
    const criteria = this.#criteria.get(seq);
    this.#criteria.delete(seq);
    this.#matching.delete(seq);
    this.#namingCalls.delete(seq);
    if (criteria?.kind !== "named") return;
    for (const recordingId of criteria.recordingIds) removeFrom(this.#named.recordings, recordingId, seq);
    for (const callId of criteria.callIds) removeFrom(this.#named.calls, callId, seq);
  }

  /** Gives the numbers of all criteria that catch a recording, and how sure that is. */
  catching(subject: HoldSubject): ReadonlyMap<number, Certainty> {
    const { recordingId, callId } = subject;
    const caught = new Map<number, Certainty>();
    if (callId === undefined) for (const seq of this.#namingCalls) caught.set(seq, "undecidable");
    else for (const seq of this.#named.calls.get(callId) ?? []) caught.set(seq, "certain");
    for (const seq of this.#named.recordings.get(recordingId) ?? []) caught.set(seq, "certain");
    for (const seq of this.#matching) {
      const certainty = matches(this.#criteria.get(seq), subject);
      if (certainty !== undefined) caught.set(seq, certainty);
    }
    return caught;
  }
}

function addTo(index: Map<string, Set<number>>, name: string, seq: number): void {
  const seqs = index.get(name);
  if (seqs === undefined) index.set(name, new Set([seq]));
  else seqs.add(seq);
}

function removeFrom(index: Map<string, Set<number>>, name: string, seq: number): void {
  const seqs = index.get(name);
  seqs?.delete(seq);
  if (seqs?.size === 0) index.delete(name);
}

/** What is known to differ in one point is not meant, whatever is not known of the others. */
function matches(criteria: HoldCriteria | undefined, { createdAtMs, call }: HoldSubject): Certainty | undefined {
  if (criteria?.kind !== "matching") return undefined;
  const { from, to, sinceMs, untilMs } = criteria;
  const answers = [
    sinceMs === undefined || answer(createdAtMs, (createdMs) => createdMs >= sinceMs),
    untilMs === undefined || answer(createdAtMs, (createdMs) => createdMs < untilMs),
    from === undefined || answer(call?.from, (number) => sameNumber(number, from)),
    to === undefined || answer(call?.to, (number) => sameNumber(number, to)),
  ];
  if (answers.includes(false)) return undefined;
  return answers.includes(undefined) ? "undecidable" : "certain";
}

function answer<T>(known: T | undefined, test: (known: T) => boolean | undefined): boolean | undefined {
  return known === undefined ? undefined : test(known);
}
