import { parseSha256 } from "../core/digest.ts";
import type { LedgerEvent } from "../core/ledger-event.ts";
import type { PackagedRecording } from "../core/packaged-recording.ts";
import type { PackageForm } from "../packaging/container.ts";

/** What the ledger is told of a package. */
export interface ExportedFacts {
  readonly case: string;
  readonly form: PackageForm;
  readonly tagManifestSha256: string;
  /** Of the key that signed it. */
  readonly signedBy: string | undefined;
}

/** Events that go to the ledger together. */
const EVENTS_AT_ONCE = 1000;

/** Tells the ledger of each recording that it was given away, and in what; in groups that go to disk together. */
export function* toExportedEvents(
  rows: Iterable<PackagedRecording>,
  { case: name, form, tagManifestSha256, signedBy }: ExportedFacts,
): Generator<readonly LedgerEvent[]> {
  const detail = { case: name, form, ...(signedBy === undefined ? {} : { signedBy }) };
  const tagManifest = parseSha256(tagManifestSha256);
  let group: LedgerEvent[] = [];
  for (const { recordingId, original } of rows) {
    if (recordingId === undefined) continue;
    const digests = { original: parseSha256(original.sha256), tagManifest };
    if (group.push({ type: "exported", subject: recordingId, digests, detail }) < EVENTS_AT_ONCE) continue;
    yield group;
    group = [];
  }
  yield group;
}
