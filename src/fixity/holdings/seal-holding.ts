import { isHoldfastError } from "../../core/errors.ts";
import type { FindingKind } from "../../core/finding.ts";
import { NotFoundError } from "../../io/errors.ts";
import { isThere } from "../../io/is-there.ts";
import type { Holding, Unit } from "../holding.ts";
import { parseSeal, tryToStoredAudio } from "../seal-record.ts";
import { type Places, toPlaces } from "./listed-place.ts";
import { loadRecord } from "./load-record.ts";
import { MANIFEST_FILE, SEAL_FILE } from "./record-names.ts";
import { SealReading } from "./seal-reading.ts";
import { sumSizes } from "./sum-sizes.ts";
import { walkStrays } from "./walk-strays.ts";

/**
 * Opens a sealed folder. Its two records are held against each other; where they differ, a file must fit both, and where one
 * of them cannot be read the other is used alone.
 */
export async function openSealHolding(folder: string): Promise<Holding> {
  const places = toPlaces(folder);
  const reading = new SealReading(places);
  const sealBytes = await tryLoad(SEAL_FILE, places, reading);
  const parsed = sealBytes === undefined ? undefined : parseSeal(sealBytes);
  if (typeof parsed === "string") reading.tell("manifest-invalid", SEAL_FILE, `the seal ${parsed}`);
  const seal = typeof parsed === "string" ? undefined : parsed;
  if (seal !== undefined) reading.takeSeal(seal);
  const manifestBytes = await tryLoad(MANIFEST_FILE, places, reading);
  if (manifestBytes !== undefined) reading.takeManifest(manifestBytes, seal);
  const { files, findings, remarks } = reading;
  return {
    noun: "sealed folder",
    location: folder,
    findings,
    remarks,
    planned: { files: files.size, bytes: sumSizes(files.values()) },
    units: () => toUnits(reading, places),
    strays: () => walkStrays(folder, { ignored: [MANIFEST_FILE, SEAL_FILE], named: files }),
    isReachable: async () => (await isThere(places.toPlace(SEAL_FILE))) || isThere(places.toPlace(MANIFEST_FILE)),
    loadAudio: async ({ subject }) => {
      const { sealed } = files.get(subject.slice(places.toPlace("").length)) ?? {};
      const audio = sealed === undefined ? undefined : tryToStoredAudio(sealed);
      return new Map(audio === undefined ? [] : [[subject, audio]]);
    },
  };
}

/** Tells of a record that cannot be read: it leaves the other to go by. */
async function tryLoad(name: string, places: Places, reading: SealReading): Promise<Uint8Array | undefined> {
  const tell = (kind: FindingKind, message: string) => reading.tell(kind, name, message);
  try {
    return await loadRecord(places.toPlace(name));
  } catch (error) {
    if (error instanceof NotFoundError) tell("missing", "a part of the seal is not there");
    else if (isHoldfastError(error)) tell("unreadable", `a part of the seal cannot be read: ${error.message}`);
    else throw error;
    return undefined;
  }
}

async function* toUnits({ files }: SealReading, places: Places): AsyncGenerator<Unit> {
  for (const [way, { sizeBytes, digests, sealed }] of files) {
    const path = places.toPlace(way);
    yield { subject: path, files: [{ path, sizeBytes, digests, trace: sealed }] };
  }
}
