import type { DigestAlgorithm } from "../core/digest.ts";
import type { Finding } from "../core/finding.ts";
import type { Expected, Stray, Unit } from "./holding.ts";
import type { Look, Looker } from "./look/look.ts";

/** A file that is gone, cannot be read or is not what it was. */
export interface Suspect {
  readonly unit: Unit;
  /** Its place among the unit's files. */
  readonly index: number;
  readonly finding: Finding;
  /** The digest of what stands in its place, by the algorithm of its first recorded one; undefined when nothing was read. */
  readonly foundHex: string | undefined;
}

/** How many suspects are looked for elsewhere: what more there are has another reason than having been moved. */
const MAX_SUSPECTS = 50_000;

/** Strays that are looked at in one go. */
const BATCH = 256;

/**
 * Finds files that are gone or changed in other places, by their digest: among what no record speaks of, and where others
 * should be.
 */
export class MoveTracer {
  readonly #suspects: Suspect[] = [];

  /** All that are held, for whoever tells of them. */
  get suspects(): readonly Suspect[] {
    return this.#suspects;
  }

  /** Takes a suspect, unless there are too many. */
  hold(suspect: Suspect): boolean {
    if (this.#suspects.length >= MAX_SUSPECTS) return false;
    this.#suspects.push(suspect);
    return true;
  }

  /** Names those that stand in each other's places. */
  traceSwaps(): void {
    const places = new Map<string, string>();
    for (const suspect of this.#suspects) {
      if (suspect.foundHex !== undefined) places.set(suspect.foundHex, toExpected(suspect).path);
    }
    this.#retell((suspect) => {
      const place = places.get(toFirstHex(suspect) ?? "");
      return place === undefined ? undefined : toMoved(suspect, place);
    });
  }

  /**
   * Looks for the suspects among strays. What was seen before an error is told of all the same.
   *
   * @param onStray - Gets what is none of them, or a further copy of one.
   * @throws the reason of `signal` when it aborts, and what `strays` throws.
   */
  async traceAmong(
    strays: AsyncIterable<Stray>,
    looker: Pick<Looker, "look">,
    {
      onStray,
      signal,
    }: { readonly onStray: (stray: Stray) => Promise<void>; readonly signal: AbortSignal | undefined },
  ): Promise<void> {
    const places = new Map<string, string>();
    const wanted = new Wanted(this.#suspects);
    let batch: Stray[] = [];
    const settle = async () => {
      const taken = batch;
      batch = [];
      const hexes = await wanted.readAll(taken, looker, signal);
      for (const [index, stray] of taken.entries()) {
        const hex = hexes[index]?.find((one) => wanted.has(one) && !places.has(one));
        if (hex === undefined) await onStray(stray);
        else places.set(hex, stray.path);
      }
    };
    try {
      for await (const stray of strays) {
        batch.push(stray);
        if (batch.length === BATCH) await settle();
      }
    } finally {
      if (!signal?.aborted) await settle();
      this.#retell((suspect) => {
        const place = places.get(toFirstHex(suspect) ?? "");
        return place === undefined ? undefined : toMoved(suspect, place);
      });
    }
  }

  #retell(toFinding: (suspect: Suspect) => Finding | undefined): void {
    for (const [index, suspect] of this.#suspects.entries()) {
      if (!isTraceable(suspect)) continue;
      const finding = toFinding(suspect);
      if (finding !== undefined) this.#suspects[index] = { ...suspect, finding };
    }
  }
}

/** What would be known again if it were seen. */
class Wanted {
  readonly #hexes = new Set<string>();
  readonly #sizes = new Set<number | undefined>();
  readonly #algorithms = new Set<DigestAlgorithm>();

  constructor(suspects: readonly Suspect[]) {
    for (const suspect of suspects) {
      const { digests, sizeBytes } = toExpected(suspect);
      const [digest] = digests;
      if (digest === undefined || !isTraceable(suspect)) continue;
      this.#hexes.add(digest.hex);
      this.#algorithms.add(digest.algorithm);
      this.#sizes.add(sizeBytes);
    }
  }

  has(hex: string): boolean {
    return this.#hexes.has(hex);
  }

  /** Gives the digests of those that can be a wanted file by their size. */
  async readAll(
    strays: readonly Stray[],
    looker: Pick<Looker, "look">,
    signal: AbortSignal | undefined,
  ): Promise<readonly (readonly string[] | undefined)[]> {
    const digests = strays.map((): readonly string[] | undefined => undefined);
    if (this.#hexes.size === 0) return digests;
    const sizes = await looker.look(
      strays.map(({ path, within }) => ({ path, within, algorithms: [] })),
      signal,
    );
    const candidates = strays.flatMap(({ path, within }, index) =>
      this.#fits(sizes[index]) ? [{ path, within, index }] : [],
    );
    const algorithms = [...this.#algorithms];
    const looks = await looker.look(
      candidates.map(({ path, within }) => ({ path, within, algorithms })),
      signal,
    );
    for (const [place, { index }] of candidates.entries()) {
      const look = looks[place];
      if (look?.kind === "regular") digests[index] = look.digests;
    }
    return digests;
  }

  #fits(look: Look | undefined): boolean {
    return look?.kind === "regular" && (this.#sizes.has(look.trace.sizeBytes) || this.#sizes.has(undefined));
  }
}

/**
 * Tells whether the bytes of a suspect can have gone elsewhere: not if they are there, as when a record states two digests of
 * one file, or a size, of which one fits; nor if nobody can tell, for what stands there cannot be read.
 */
function isTraceable(suspect: Suspect): boolean {
  const isThere = suspect.foundHex !== undefined && suspect.foundHex === toFirstHex(suspect);
  return !isThere && suspect.finding.kind !== "unreadable";
}

function toExpected({ unit, index }: Suspect): Expected {
  const expected = unit.files[index];
  if (expected === undefined) throw new Error(`internal error: no file ${index} of ${unit.subject}`);
  return expected;
}

function toFirstHex(suspect: Suspect): string | undefined {
  return toExpected(suspect).digests[0]?.hex;
}

function toMoved({ finding }: Suspect, place: string): Finding {
  const here = finding.kind === "missing" ? "it is not there" : "other bytes stand in its place";
  const message = `${here}, and the recorded bytes stand at ${place}`;
  return { ...finding, kind: "moved", message, detail: { ...finding.detail, foundAt: place } };
}
