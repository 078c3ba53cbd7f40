import { randomUUID } from "node:crypto";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { type Clock, toIsoInstant } from "../core/clock.ts";
import { tryParseJson } from "../core/try-parse-json.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Storage } from "../storage/storage.ts";
import { MARKER_KEY, RECORDINGS_PREFIX } from "./archive-key.ts";
import { toAdoptedEvent } from "./change-events.ts";
import { ArchiveInvalidError } from "./errors.ts";
import { RecordedStates } from "./recorded-states.ts";
import { ArchiveMarker } from "./schema.ts";
import { readText, writeText } from "./text-files.ts";

/**
 * Reads an archive's marker; undefined when there is none.
 *
 * @throws {ArchiveInvalidError} it cannot be read.
 */
export async function loadMarker(storage: Storage): Promise<ArchiveMarker | undefined> {
  if ((await storage.stat(MARKER_KEY)) === undefined) return undefined;
  const parsed = ArchiveMarker.safeParse(tryParseJson(await readText(storage, MARKER_KEY)));
  if (parsed.success) return parsed.data;
  throw new ArchiveInvalidError(`not an archive of this version: ${storage.traits.location}/${MARKER_KEY}`);
}

/**
 * Makes a new archive's marker, but not where an archive has only lost its own. It names no ledger yet.
 *
 * @throws {ArchiveInvalidError} there are recordings.
 */
export async function makeMarker(storage: Storage, clock: Clock): Promise<ArchiveMarker> {
  for await (const { key } of storage.list(RECORDINGS_PREFIX)) {
    const found = `${storage.traits.location}/${key}`;
    throw new ArchiveInvalidError(`recordings without an archive's marker: ${found} but no ${MARKER_KEY}`, {
      hint: `restore ${MARKER_KEY} from a copy of the archive`,
    });
  }
  const marker: ArchiveMarker = {
    schema: "holdfast.archive/1",
    archiveId: randomUUID(),
    createdAt: toIsoInstant(clock.now()),
  };
  await writeMarker(storage, marker);
  return marker;
}

/** Recordings that share a trip to the disk when a ledger takes them over. */
const ADOPTED_AT_ONCE = 1000;

/**
 * Writes into a new ledger what the catalogue knows, and that there is a ledger into the marker: from then on its absence is
 * noticed. An archive of the time before ledgers has recordings that nothing else speaks for. Of what the ledger has spoken of
 * nothing is written: whoever takes the ledger out of the marker must not have changed recordings adopted by it.
 */
export async function adoptInto(
  ledger: Ledger,
  { storage, catalogue, marker }: { storage: Storage; catalogue: Catalogue; marker: ArchiveMarker },
): Promise<void> {
  const states = new RecordedStates();
  for await (const entry of ledger.entries()) states.enter(entry);
  let events: ReturnType<typeof toAdoptedEvent>[] = [];
  for await (const recording of catalogue.recordings()) {
    if (!states.knows(recording.recordingId)) events.push(toAdoptedEvent(recording));
    if (events.length < ADOPTED_AT_ONCE) continue;
    await ledger.append(events);
    events = [];
  }
  if (events.length > 0) await ledger.append(events);
  await writeMarker(storage, { ...marker, ledger: "holdfast.ledger/1" });
}

/**
 * Notes in the marker that the archive has encrypted audio from now on.
 *
 * @throws {ArchiveInvalidError} the marker is gone, or cannot be read.
 */
export async function markEncrypted(storage: Storage): Promise<void> {
  const marker = await loadMarker(storage);
  if (marker === undefined)
    throw new ArchiveInvalidError(`the marker is gone: ${storage.traits.location}/${MARKER_KEY}`);
  await writeMarker(storage, { ...marker, encryption: true });
}

function writeMarker(storage: Storage, marker: ArchiveMarker): Promise<void> {
  return writeText(storage, MARKER_KEY, `${JSON.stringify(marker, null, 2)}\n`);
}
