import { dirname } from "node:path";
import { isHoldfastError } from "../core/errors.ts";
import { NotFoundError } from "../io/errors.ts";
import { isThere } from "../io/is-there.ts";
import {
  type AnchoredCheckpoint,
  type AnchoredLedger,
  appendToAnchor,
  assertExtendsAnchor,
  loadAnchorIfThere,
} from "./anchor-file.ts";

/** How a checkpoint came to be kept: it was added to what is kept there, is the first of it, or was there already. */
export type Keeping = "kept" | "begun" | "already";

/** A place outside the archive that keeps checkpoints, or the proof that there were such. */
export interface Anchor {
  /** For a person. */
  readonly place: string;
  /**
   * Holds the events against what is kept there.
   *
   * @throws {LedgerBrokenError} they do not extend it: the archive is older than its anchor, or of another history.
   * @throws {NotFoundError} the place is not there.
   */
  assertFits(ledger: Pick<AnchoredLedger, "origin" | "includes">): Promise<void>;
  /** Gives the checkpoints that are kept there, of whatever ledger; a place that is not there holds none. */
  checkpoints(): Promise<readonly AnchoredCheckpoint[]>;
  /**
   * Keeps the newest checkpoint there, durably, unless it is.
   *
   * @throws {LedgerBrokenError} the events do not extend what is kept there; nothing was added.
   * @throws {NotFoundError} the place is not there.
   */
  keep(ledger: AnchoredLedger): Promise<Keeping>;
}

/** An anchor in a file, which is made when there is something to keep in it; its folder must be there. */
export class FileAnchor implements Anchor {
  readonly place: string;

  /** @param path - Best on other media or another machine. */
  constructor(path: string) {
    this.place = path;
  }

  async assertFits(ledger: Pick<AnchoredLedger, "origin" | "includes">): Promise<void> {
    const last = await assertExtendsAnchor(this.place, ledger);
    if (last !== undefined || (await isThere(dirname(this.place)))) return;
    throw new NotFoundError(`not found: ${dirname(this.place)}`);
  }

  checkpoints(): Promise<readonly AnchoredCheckpoint[]> {
    return loadAnchorIfThere(this.place);
  }

  async keep(ledger: AnchoredLedger): Promise<Keeping> {
    const isNew = !(await isThere(this.place));
    if (!(await appendToAnchor(this.place, ledger))) return "already";
    return isNew ? "begun" : "kept";
  }
}

/** Makes an anchor that cannot be reached, for its medium is elsewhere today, a warning; one that does not fit stays an error. */
export function toTolerantAnchor(anchor: Anchor, tell: (warning: string) => void): Anchor {
  const { place } = anchor;
  return {
    place,
    assertFits: (ledger) =>
      anchor.assertFits(ledger).catch((error: unknown) => {
        tell(
          `${toReason(error)}: whether the archive was put back to an earlier state could not be told by its anchor`,
        );
      }),
    checkpoints: () => anchor.checkpoints(),
    keep: async (ledger) => {
      try {
        const keeping = await anchor.keep(ledger);
        if (keeping === "begun") tell(`there was no anchor at ${place}: it begins now`);
        return keeping;
      } catch (error) {
        tell(`${toReason(error)}: the newest checkpoint is not held there`);
        return "already";
      }
    },
  };
}

/** Says why an anchor is out of reach; what else went wrong with it is thrown again. */
function toReason(error: unknown): string {
  if (!isHoldfastError(error) || ["LEDGER_BROKEN", "ANCHOR_INVALID"].includes(error.code)) throw error;
  return error.message;
}
