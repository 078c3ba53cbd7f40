import type { Archive } from "../archive/archive.ts";
import { openArchive, openArchiveToVerify } from "../compose.ts";
import { isHoldfastError } from "../core/errors.ts";
import { type Anchor, toTolerantAnchor } from "../ledger/anchor.ts";
import type { LedgerMend } from "../ledger/ledger.ts";
import type { CommandContext } from "./command.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { findLedger, loadCustodian, tryLoadCustodian } from "./load-custodian.ts";
import { loadKeys } from "./load-keys.ts";
import { openSetAnchors } from "./open-anchors.ts";
import { toCountWords } from "./wording.ts";

/** How {@link withArchive} opens. */
export interface WithArchiveOptions {
  /** Makes the archive when there is none. */
  readonly create: boolean;
  /** What its ledger must extend, beside the anchor that is set. @default nothing */
  readonly mustExtend?: readonly Anchor[];
  /** Whether an archive is opened whose ledger cannot be gone on with: it can be looked at, and not be changed. @default false */
  readonly mayLackLedger?: boolean;
}

/**
 * Opens the configured archive, for this process alone, and closes it when `use` settles.
 *
 * @returns the exit code of `use`. When it is another than 0, that closing failed as well is only told: no failure hides a finding.
 */
export async function withArchive(
  context: CommandContext,
  { create, mustExtend, mayLackLedger = false }: WithArchiveOptions,
  use: (archive: Archive) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { config, clock, output } = context;
  const tell = (warning: string) => output.error(`warning: ${warning}`);
  const anchors = (await openSetAnchors(context)).map((anchor) => toTolerantAnchor(anchor, tell));
  const keys = await loadKeys(context);
  const options = { clock, create, anchors, mustExtend, tell, keys };
  const location = config.settings.archive;
  const isBegun = (await findLedger(location)) !== "not-begun";
  const archive = mayLackLedger
    ? await openArchiveToVerify(location, { ...options, custodian: await tryLoadCustodian(context) })
    : await openArchive(location, { ...options, custodian: await loadCustodian(context) });
  let result: ExitCode;
  try {
    const mended = archive.ledgerLoss === undefined ? archive.ledger.mended : undefined;
    if (!isBegun)
      tell("the archive had no ledger, and one was begun: of what was done and held before, it tells nothing");
    if (mended !== undefined) output.note(toMendedWords(mended));
    const { indexed } = archive.rebuilt;
    if (indexed > 0) output.note(`the catalogue was missing: rebuilt from ${indexed} sidecars`);
    result = await use(archive);
  } catch (error) {
    await archive.close().catch((closing) => output.error(`the archive could not be closed: ${String(closing)}`));
    throw error;
  }
  await archive.close().catch((closing) => {
    output.error("what was done stands; closing the archive failed, which is when the ledger's head is signed");
    if (result === EXIT_CODES.ok || !isHoldfastError(closing)) throw closing;
    output.error(`${closing.message} (${closing.code})`);
  });
  return result;
}

function toMendedWords({ cutBytes, unsignedEvents }: LedgerMend): string {
  const cut = cutBytes === 0 ? [] : [`a half line of ${toCountWords(cutBytes, "byte")} was cut off its end`];
  const taken =
    unsignedEvents === 0
      ? []
      : [
          `${toCountWords(unsignedEvents, "event")} behind the last checkpoint taken as they stand, but a release of holds among them lets nothing go`,
        ];
  return `an earlier run did not end with a checkpoint: in the ledger, ${[...cut, ...taken].join(", ")}`;
}
