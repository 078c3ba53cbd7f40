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

/** Tells the ledger of each recording that it was given away, and in what. */
export function* toExportedEvents(
  rows: Iterable<PackagedRecording>,
  { case: name, form, tagManifestSha256, signedBy }: ExportedFacts,
): Generator<LedgerEvent> {
  const detail = { case: name, form, ...(signedBy === undefined ? {} : { signedBy }) };
  const tagManifest = parseSha256(tagManifestSha256);
  for (const { recordingId, original } of rows) {
    if (recordingId === undefined) continue;
    const digests = { original: parseSha256(original.sha256), tagManifest };
    yield { type: "exported", subject: recordingId, digests, detail };
  }
}
