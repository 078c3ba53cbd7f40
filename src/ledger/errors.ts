import { HoldfastError } from "../core/errors.ts";

const BROKEN_HINT =
  "run holdfast ledger verify to see all that does not fit, and put the folder ledger back from a copy, or, where there is none, run holdfast ledger restart; change nothing in it by hand";

/** The ledger does not fit its checkpoints, an anchor or itself. Nothing was written to it. */
export class LedgerBrokenError extends HoldfastError<"LEDGER_BROKEN"> {
  readonly code = "LEDGER_BROKEN";

  constructor(message: string, options: ErrorOptions & { readonly hint?: string } = {}) {
    super(message, { hint: BROKEN_HINT, ...options });
  }
}

/** An anchor file holds something else than checkpoints; nothing was written to it. */
export class AnchorInvalidError extends HoldfastError<"ANCHOR_INVALID"> {
  readonly code = "ANCHOR_INVALID";
}
