import type { Holding } from "../fixity/holding.ts";
import { type DetectedHolding, detectHolding } from "../fixity/holdings/detect-holding.ts";
import { joinHoldings } from "../fixity/holdings/joined-holding.ts";
import { openListHolding } from "../fixity/holdings/list-holding.ts";
import { toLostHolding } from "../fixity/holdings/lost-holding.ts";
import { NotFoundError } from "../io/errors.ts";
import { liesWithin } from "../io/lies-within.ts";
import { toRealPath } from "../io/real-path.ts";
import type { CommandContext } from "./command.ts";
import { UsageError } from "./errors.ts";
import { refusePackageFlags, type VerifyFlags } from "./verify-flags.ts";

/** What the paths on the command line stand for. */
export type NamedPlace =
  | { readonly kind: "archive"; readonly path: string }
  | { readonly kind: "holding"; readonly open: () => Promise<Holding> };

/**
 * Tells what paths and a manifest on the command line stand for; undefined when there are none. Several are verified as one,
 * and one that is not there is a finding.
 *
 * @throws {UsageError} an archive is among several, or a flag is for legal-hold packages and a place cannot be one.
 * @throws {NoRecordError} a folder in which nothing says what must be there.
 */
export async function detectVerifyPaths(
  flags: VerifyFlags,
  context: Pick<CommandContext, "clock">,
): Promise<NamedPlace | undefined> {
  const { paths, manifest } = flags;
  if (manifest !== undefined) {
    refusePackageFlags(flags, manifest);
    return { kind: "holding", open: () => openListHolding(manifest, { root: paths[0] }) };
  }
  if (paths.length === 0) return undefined;
  const places: Place[] = [];
  // One after the other: each is opened and read, and a shell's glob may give ten thousands.
  for (const path of paths) places.push(await tryDetect(path));
  const [archive] = places.flatMap((place) => (place.kind === "archive" ? [place.folder] : []));
  if (archive !== undefined && places.length === 1) return { kind: "archive", path: archive };
  if (archive !== undefined) throw new UsageError(`an archive is verified by itself: ${archive}`);
  for (const place of places) if (NEVER_PACKAGES.includes(place.kind)) refusePackageFlags(flags, toLocation(place));
  return { kind: "holding", open: () => openPlaces(places, (path) => openBag(path, flags, context)) };
}

/**
 * Refuses a report that would come to lie in a folder that is verified: its record does not speak of it, so that this run and
 * every later one would find it where it does not belong.
 *
 * @throws {UsageError} it would.
 */
export async function refuseReportAmong(paths: readonly string[], reportPath: string): Promise<void> {
  const report = await toRealPath(reportPath);
  for (const path of paths) {
    if (!liesWithin(await toRealPath(path), report)) continue;
    throw new UsageError(`--report is not written into what is verified, where it would be unexpected: ${reportPath}`);
  }
}

async function openPlaces(places: readonly Place[], openBag: OpenBag): Promise<Holding> {
  const files = places.flatMap((place) => (place.kind === "file" ? [place.path] : []));
  const others: Holding[] = [];
  for (const place of places) if (place.kind !== "file") others.push(await openPlace(place, openBag));
  return joinHoldings(files.length === 0 ? others : [...others, await openFiles(files)]);
}

type Place = DetectedHolding | { readonly kind: "lost"; readonly path: string };
type OpenBag = (path: string) => Promise<Holding>;

const NEVER_PACKAGES: readonly Place["kind"][] = ["seal", "list", "file"];

function toLocation(place: Place): string {
  if (place.kind === "list") return place.listPath;
  return "path" in place ? place.path : place.folder;
}

async function openBag(path: string, flags: VerifyFlags, context: Pick<CommandContext, "clock">): Promise<Holding> {
  const [{ openBagHolding }, { loadPackageTrust, toPackageChecks }] = await Promise.all([
    import("../fixity/holdings/bag-holding.ts"),
    import("./load-package-trust.ts"),
  ]);
  return openBagHolding(path, toPackageChecks(flags, await loadPackageTrust(flags, context)));
}

async function tryDetect(path: string): Promise<Place> {
  try {
    return await detectHolding(path);
  } catch (error) {
    if (error instanceof NotFoundError) return { kind: "lost", path };
    throw error;
  }
}

async function openFiles(paths: readonly string[]): Promise<Holding> {
  return (await import("../fixity/holdings/files-holding.ts")).openFilesHolding(paths);
}

/** What reads one kind of record is loaded when there is one. */
async function openPlace(place: Place, openBag: OpenBag): Promise<Holding> {
  switch (place.kind) {
    case "seal":
      return (await import("../fixity/holdings/seal-holding.ts")).openSealHolding(place.folder);
    case "bag":
      return openBag(place.path);
    case "list":
      return openListHolding(place.listPath, { root: place.root });
    case "lost":
      return toLostHolding("place", place.path);
    default:
      throw new Error(`internal error: ${place.kind} is opened elsewhere`);
  }
}
