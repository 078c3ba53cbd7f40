import type { PackagedRecording } from "../core/packaged-recording.ts";
import { isShared, toCustodyEvent } from "./premis/custody-event.ts";
import { PREMIS_BEGIN, PREMIS_END } from "./premis/document.ts";
import { toAgents } from "./premis/package-agents.ts";
import { toCopyEvent, toExportEvent } from "./premis/package-events.ts";
import type { PackageFacts } from "./premis/package-facts.ts";
import { toPackageObject, toRecordingObjects } from "./premis/package-objects.ts";

/**
 * Writes what a package holds as PREMIS 3, piece by piece: the package, its calls, originals and copies for listening as
 * objects; what the ledger tells of them, and the making of the package and of each copy, as events; who did it as agents.
 *
 * The same recordings and facts give the same text. Memory does not grow with the recordings, but for the events that
 * several of them share, as holds, and for the names of those who acted.
 *
 * @param recordings - Gone through twice. The one that `family.first` names is among them.
 * @see PREMIS Data Dictionary 3.0
 */
export function* toPackagePremis(recordings: Iterable<PackagedRecording>, facts: PackageFacts): Generator<string> {
  yield PREMIS_BEGIN;
  yield toPackageObject(facts);
  for (const recording of recordings) yield* toRecordingObjects(recording, facts);
  const actors = new Set<string>();
  yield* toEvents(recordings, facts, actors);
  yield* toAgents(actors, facts);
  yield PREMIS_END;
}

/** An event that several recordings share is told with the first of them. Whom the events name is added to `actors`. */
function* toEvents(recordings: Iterable<PackagedRecording>, facts: PackageFacts, actors: Set<string>) {
  yield toExportEvent(facts);
  const told = new Set<number>();
  for (const recording of recordings) {
    for (const entry of recording.custody) {
      if (told.has(entry.seq)) continue;
      if (isShared(entry, recording)) told.add(entry.seq);
      actors.add(entry.actor);
      yield toCustodyEvent(entry, recording, facts);
    }
    yield toCopyEvent(recording, facts);
  }
}
