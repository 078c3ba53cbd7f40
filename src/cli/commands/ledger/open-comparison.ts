import type { Catalogue } from "../../../catalogue/catalogue.ts";
import { openCatalogue, toCataloguePath } from "../../../compose.ts";
import { isHoldfastError } from "../../../core/errors.ts";
import { isThere } from "../../../io/is-there.ts";

/** The catalogue to hold a ledger against, or why that cannot be had. */
export type Comparison =
  | { readonly catalogue: Catalogue }
  | { readonly catalogue: undefined; readonly reason: string; readonly isLocked: boolean };

/** Opens the catalogue of an archive if that is possible now; while it is open, nobody else writes in the archive. */
export async function openComparison(location: string): Promise<Comparison> {
  if (!(await isThere(toCataloguePath(location)))) return toNone("it is not there; `holdfast reindex` makes it");
  let catalogue: Catalogue;
  try {
    catalogue = await openCatalogue(location);
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    return { ...toNone(error.message), isLocked: error.code === "CATALOGUE_LOCKED" };
  }
  if ((await catalogue.state()) !== "incomplete") return { catalogue };
  await catalogue.close();
  return toNone("its making was cut short; the next command that opens the archive finishes it");
}

function toNone(reason: string) {
  return { catalogue: undefined, reason, isLocked: false };
}
