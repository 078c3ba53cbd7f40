import { basename, dirname } from "node:path";
import type { MergedFile } from "../../checksum/merge-listed.ts";
import { NothingToDoError } from "../../core/errors.ts";
import { isThere } from "../../io/is-there.ts";
import type { Holding, Unit } from "../holding.ts";
import { readListed } from "./listed-files.ts";
import { type Places, toPlaces } from "./listed-place.ts";
import { loadRecord } from "./load-record.ts";
import { LIST_NAMES, MANIFEST_FILE, SEAL_FILE } from "./record-names.ts";
import { sumSizes } from "./sum-sizes.ts";
import { hasEntries, toWay, walkStrays } from "./walk-strays.ts";

/** Options of {@link openListHolding}. */
export interface ListHoldingOptions {
  /** The folder that the list speaks of: what it does not name there is unexpected. @default the list's own, where other files are nobody's business */
  readonly root?: string | undefined;
}

/**
 * Opens a list of checksums as `sha256sum`, BSD's programs, `openssl dgst` or `hashdeep` write it. Paths that lead out of the
 * folder are told of and never read.
 *
 * @throws {NothingToDoError} no line of the list names a file.
 * @throws {NotFoundError} there is no such list.
 * @throws {StorageUnavailableError} it cannot be read.
 */
export async function openListHolding(listPath: string, { root }: ListHoldingOptions = {}): Promise<Holding> {
  const folder = root ?? dirname(listPath);
  const places = toPlaces(folder);
  const { named, files, findings, remarks } = readListed(listPath, await loadRecord(listPath), places);
  if (named.size === 0 && !findings.some(({ kind }) => kind === "unsafe-path")) {
    throw new NothingToDoError(`no checksums in ${listPath}`);
  }
  const records = root === undefined ? [] : await findRecords(root, listPath);
  return {
    noun: "checksum list",
    location: listPath,
    findings,
    remarks: [...remarks, ...toRecordRemarks(listPath, records)],
    planned: { files: files.length, bytes: sumSizes(files.map(([, file]) => file)) },
    units: () => toUnits(files, places),
    strays: root === undefined ? undefined : () => walkStrays(root, { ignored: records, named }),
    // An empty folder is a place where a disk is mounted at other times.
    isReachable: async () => (await isThere(listPath)) && (await hasEntries(folder)),
  };
}

async function* toUnits(files: readonly (readonly [string, MergedFile])[], places: Places): AsyncGenerator<Unit> {
  for (const [way, { digests, sizeBytes }] of files) {
    const path = places.toPlace(way);
    yield { subject: path, files: [{ path, sizeBytes, digests }] };
  }
}

/** Finds the records in the folder, which are not among what they speak of: the list itself is the first. */
async function findRecords(root: string, listPath: string): Promise<readonly string[]> {
  const { toPlace } = toPlaces(root);
  const there: string[] = [await toWay(root, listPath)];
  for (const name of [...LIST_NAMES, SEAL_FILE]) {
    if (!there.includes(name) && (await isThere(toPlace(name)))) there.push(name);
  }
  return there;
}

function toRecordRemarks(listPath: string, [list, ...others]: readonly string[]): readonly string[] {
  const isBare = list === MANIFEST_FILE && !others.includes(SEAL_FILE);
  return [
    ...(isBare ? [`no ${SEAL_FILE} stands beside ${basename(listPath)}: it alone says what must be there`] : []),
    ...(others.length > 0 ? [`also there, and not looked into: ${others.join(", ")}`] : []),
  ];
}
