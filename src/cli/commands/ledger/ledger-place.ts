import { loadArchiveMarker, toLedgerFolder } from "../../../compose.ts";
import { NothingToDoError } from "../../../core/errors.ts";
import { isThere } from "../../../io/is-there.ts";
import type { CommandContext } from "../../command.ts";

/** A ledger that is read without opening the archive. */
export interface LedgerPlace {
  /** Of the archive. */
  readonly location: string;
  readonly folder: string;
  readonly archiveId: string;
}

/**
 * Finds the ledger of the configured archive.
 *
 * @throws {NothingToDoError} the archive says that it has none yet, and there is none.
 */
export async function findLedgerPlace({ config: { settings } }: CommandContext): Promise<LedgerPlace> {
  const location = settings.archive;
  const { archiveId, ledger } = await loadArchiveMarker(location);
  const folder = toLedgerFolder(location);
  if (ledger !== undefined || (await isThere(folder))) return { location, folder, archiveId };
  throw new NothingToDoError(`the archive has no ledger yet: ${location}; the next command that opens it begins one`);
}
