import type { Archive } from "../archive/archive.ts";
import type { LocatedSidecar } from "../archive/sidecar.ts";
import type { PlanFailure } from "../core/run-log.ts";

/** What finding encrypted recordings needs. */
export interface KeySurveyPorts {
  readonly archive: Pick<Archive, "recordings" | "findCatalogued" | "encryptionKeyId">;
}

/** An encrypted recording, or why its sidecar cannot tell of its key. */
export type SurveyedKey =
  | { readonly located: LocatedSidecar; readonly failure: undefined }
  | { readonly located: undefined; readonly failure: PlanFailure };

/** Gives all encrypted recordings, oldest first. Only their sidecars are read. */
export async function* surveyKeys(
  { archive }: KeySurveyPorts,
  signal: AbortSignal | undefined,
): AsyncGenerator<SurveyedKey> {
  for await (const { recordingId, files } of archive.recordings()) {
    signal?.throwIfAborted();
    if (files.every(({ plain }) => plain === undefined)) continue;
    try {
      yield { located: await archive.findCatalogued(recordingId), failure: undefined };
    } catch (error) {
      yield { located: undefined, failure: { subject: recordingId, error } };
    }
  }
}
