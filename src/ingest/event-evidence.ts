import type { Sha256Hex } from "../core/digest.ts";
import type { Finding } from "../core/finding.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { StoredEvent } from "../vendor/event-file.ts";

/** What webhooks say of one completed recording. */
export interface EventEvidence {
  readonly sha256: Sha256Hex | undefined;
  readonly signature: "verified" | "not-checked";
}

/** All that a set of events proves, and what is wrong with them. */
export interface EventEvidences {
  readonly byRecording: ReadonlyMap<RecordingId, EventEvidence>;
  readonly findings: readonly Finding[];
}

/**
 * Gathers the digests that `recording.completed` events carry. Repeated and reordered deliveries change nothing;
 * a signed event counts before an unsigned one. A checksum that is no sha256, and two that contradict each other,
 * prove nothing and become findings.
 */
export function gatherEvidence(events: Iterable<StoredEvent>): EventEvidences {
  const byRecording = new Map<RecordingId, EventEvidence>();
  const findings = new Map<string, Finding>();
  for (const { event, signature } of events) {
    if (event.event !== "recording.completed") continue;
    const { recordingId } = event;
    if (event.unusableChecksum !== undefined) {
      findings.set(recordingId, toUnusableFinding(recordingId, event.unusableChecksum));
    }
    const known = byRecording.get(recordingId);
    const next = { sha256: event.digest, signature };
    if (known !== undefined && contradicts(known, next)) {
      findings.set(recordingId, toContradictionFinding(recordingId, known, next));
      byRecording.set(recordingId, { sha256: undefined, signature });
    } else if (known === undefined || outranks(next, known)) {
      byRecording.set(recordingId, next);
    }
  }
  return { byRecording, findings: [...findings.values()] };
}

function contradicts(known: EventEvidence, next: EventEvidence): boolean {
  return (
    known.signature === next.signature &&
    known.sha256 !== undefined &&
    next.sha256 !== undefined &&
    known.sha256 !== next.sha256
  );
}

function outranks(next: EventEvidence, known: EventEvidence): boolean {
  if (next.sha256 === undefined) return false;
  return known.sha256 === undefined || (next.signature === "verified" && known.signature !== "verified");
}

function toUnusableFinding(subject: string, found: string): Finding {
  return {
    kind: "checksum-unverifiable",
    subject,
    message: "the webhook's checksum is not a sha256 of 64 hexadecimal digits and proves nothing",
    detail: { algorithm: "sha256", found: found.slice(0, 200) },
  };
}

function toContradictionFinding(subject: string, known: EventEvidence, next: EventEvidence): Finding {
  return {
    kind: "checksum-unverifiable",
    subject,
    message: "two webhooks name different checksums for this recording, so neither counts",
    detail: { algorithm: "sha256", expected: known.sha256 ?? "", found: next.sha256 ?? "" },
  };
}
