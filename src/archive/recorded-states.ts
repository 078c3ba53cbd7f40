import type { ArchivedRecording } from "../core/archived-file.ts";
import type { Finding } from "../core/finding.ts";
import type { LedgerEntry } from "../core/ledger-event.ts";

const HASH_BYTES = 32;

/**
 * What the ledger last told of each recording: the digest of its sidecar, which names those of its audio, or of its tombstone.
 * Of a million recordings this keeps little more than their ids.
 */
export class RecordedStates {
  readonly #places = new Map<string, number>();
  #digests = Buffer.alloc(1024 * HASH_BYTES);
  /** By the same places: whether the catalogue was found to know the recording. */
  #isSeen = new Uint8Array(1024);

  /** Takes in an event, in the order of the ledger. */
  enter({ subject, digests }: LedgerEntry): void {
    const sidecar = digests?.["sidecar"];
    if (sidecar === undefined) return;
    let place = this.#places.get(subject);
    if (place === undefined) {
      place = this.#places.size;
      this.#places.set(subject, place);
      if (place >= this.#isSeen.length) this.#grow();
    }
    this.#digests.write(sidecar, place * HASH_BYTES, "hex");
  }

  /** Tells whether something was told of a recording. */
  knows(recordingId: string): boolean {
    return this.#places.has(recordingId);
  }

  /** Tells whether this is the digest that was told last. */
  tells(recordingId: string, sha256: string): boolean {
    const place = this.#places.get(recordingId);
    return place !== undefined && this.#digestAt(place) === sha256;
  }

  /** Holds a recording of the catalogue against what was told; undefined when that is the same. */
  compare({ recordingId, files }: ArchivedRecording): Finding | undefined {
    const record = files.find(({ role }) => role === "sidecar" || role === "tombstone");
    const place = this.#places.get(recordingId);
    if (place === undefined || record === undefined) {
      const message = "the catalogue knows this recording, and no event of the ledger speaks of it";
      return { kind: "unexpected", subject: recordingId, message, detail: {} };
    }
    this.#isSeen[place] = 1;
    const expected = this.#digestAt(place);
    if (record.sha256 === expected) return undefined;
    const message = `the ledger tells of another ${record.role} than the catalogue does: the recording was changed, and no event tells of it`;
    const detail = { expected, found: record.sha256, algorithm: "sha256" } as const;
    return { kind: "digest-mismatch", subject: recordingId, message, detail };
  }

  /** Gives what the ledger tells of and was not compared: the catalogue does not know it. */
  *missing(): Generator<Finding> {
    for (const [subject, place] of this.#places) {
      if (this.#isSeen[place] === 1) continue;
      const message =
        "the ledger tells of this recording, and the catalogue does not know it: it is gone, and no event tells of it";
      yield { kind: "missing", subject, message, detail: {} };
    }
  }

  #digestAt(place: number): string {
    return this.#digests.toString("hex", place * HASH_BYTES, (place + 1) * HASH_BYTES);
  }

  #grow(): void {
    this.#digests = Buffer.concat([this.#digests, Buffer.alloc(this.#digests.length)]);
    const isSeen = new Uint8Array(this.#isSeen.length * 2);
    isSeen.set(this.#isSeen);
    this.#isSeen = isSeen;
  }
}
