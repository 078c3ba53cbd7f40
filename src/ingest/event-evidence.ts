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
 * Gathers the digests that `recording.completed` events carry. Repeated and reordered deliveries change nothing; where
 * there is a signed event, unsigned ones do not count. A checksum that is no sha256, and two that contradict each other,
 * prove nothing and become findings.
 */
export function gatherEvidence(events: Iterable<StoredEvent>): EventEvidences {
  const claims = new Map<RecordingId, Claims>();
  const findings: Finding[] = [];
  for (const { event, signature } of events) {
    if (event.event !== "recording.completed") continue;
    const claim = claims.get(event.recordingId) ?? {
      verified: new Set(),
      "not-checked": new Set(),
      unusable: undefined,
    };
    claims.set(event.recordingId, claim);
    if (event.digest !== undefined) claim[signature].add(event.digest);
    claim.unusable ??= event.unusableChecksum;
  }
  const byRecording = new Map<RecordingId, EventEvidence>();
  for (const [recordingId, claim] of claims) {
    const signature = claim.verified.size > 0 ? "verified" : "not-checked";
    const [sha256, ...others] = claim[signature];
    if (sha256 !== undefined && others[0] !== undefined) {
      findings.push(toContradictionFinding(recordingId, sha256, others[0]));
    } else if (sha256 === undefined && claim.unusable !== undefined) {
      findings.push(toUnusableFinding(recordingId, claim.unusable));
    }
    byRecording.set(recordingId, { sha256: others.length > 0 ? undefined : sha256, signature });
  }
  return { byRecording, findings };
}

/** The digests that webhooks name for one recording, by what is known of their signatures. */
interface Claims {
  readonly verified: Set<Sha256Hex>;
  readonly "not-checked": Set<Sha256Hex>;
  unusable: string | undefined;
}

function toUnusableFinding(subject: string, found: string): Finding {
  return {
    kind: "checksum-unverifiable",
    subject,
    message: "the webhook's checksum is not a sha256 of 64 hexadecimal digits and proves nothing",
    detail: { algorithm: "sha256", found: found.slice(0, 200) },
  };
}

function toContradictionFinding(subject: string, expected: Sha256Hex, found: Sha256Hex): Finding {
  return {
    kind: "checksum-unverifiable",
    subject,
    message: "two webhooks name different checksums for this recording, so neither counts",
    detail: { algorithm: "sha256", expected, found },
  };
}
