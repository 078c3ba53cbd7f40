import type { RunReport } from "../core/report.ts";
import { RunLog, type RunOptions } from "../core/run-log.ts";
import { type KeySurveyPorts, surveyKeys } from "./key-survey.ts";

/** How many recordings have their own keys wrapped with one key of the operator's. */
export interface KeyCount {
  readonly subject: string;
  readonly keyId: string;
  /** Whether it is the one that wraps now. */
  readonly isCurrent: boolean;
  readonly recordings: number;
  /** Of those, how many have lost their own key for good. */
  readonly destroyed: number;
}

/** Counts the encrypted recordings by the key that theirs are wrapped with. */
export async function listKeys(
  ports: KeySurveyPorts,
  { clock, signal }: Omit<RunOptions, "concurrency">,
): Promise<RunReport<KeyCount>> {
  const log = new RunLog<KeyCount>({ clock, concurrency: 1 });
  const current = ports.archive.encryptionKeyId;
  const tallies = new Map<string, { recordings: number; destroyed: number }>();
  if (current !== undefined) tallies.set(current, { recordings: 0, destroyed: 0 });
  const failures = [];
  for await (const { located, failure } of surveyKeys(ports, signal)) {
    if (failure !== undefined) failures.push(failure);
    const encryption = located?.sidecar.encryption;
    if (encryption === undefined) continue;
    const tally = tallies.get(encryption.keyId) ?? { recordings: 0, destroyed: 0 };
    tally.recordings += 1;
    if (encryption.destroyed !== undefined) tally.destroyed += 1;
    tallies.set(encryption.keyId, tally);
  }
  log.planned(tallies.size, failures);
  for (const [keyId, tally] of tallies) {
    const result = { subject: keyId, keyId, isCurrent: keyId === current, ...tally };
    log.ended({ type: "done", result, bytes: 0, audioSeconds: 0 });
  }
  return log.toReport("completed");
}
