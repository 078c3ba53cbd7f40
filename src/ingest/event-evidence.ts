import type { Sha256Hex } from "../core/digest.ts";
import type { Finding } from "../core/finding.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { StoredEvent, WebhookSignature } from "../vendor/event-file.ts";

/** What webhooks say of one completed recording. */
export interface EventEvidence {
  /** The one digest that they name; undefined when they name none, or several. */
  readonly sha256: Sha256Hex | undefined;
  /** All digests that they name. No bytes can have more than one of them. */
  readonly claims: readonly Sha256Hex[];
  readonly signature: WebhookSignature;
}

/** All that a set of events proves, and what is wrong with them. */
export interface EventEvidences {
  readonly byRecording: ReadonlyMap<RecordingId, EventEvidence>;
  readonly findings: readonly Finding[];
}

/**
 * Gathers the digests that `recording.completed` events carry. Repeated and reordered deliveries change nothing; where
 * there is a signed event, others do not count. A checksum that is no sha256 proves nothing, and two that contradict
 * each other leave nothing that could be proven; both become findings.
 */
export function gatherEvidence(events: Iterable<StoredEvent>): EventEvidences {
  const claims = new Map<RecordingId, Claims>();
  const findings: Finding[] = [];
  for (const { event, signature } of events) {
    if (event.event !== "recording.completed") continue;
    const claim = claims.get(event.recordingId) ?? toEmptyClaims();
    claims.set(event.recordingId, claim);
    if (event.digest !== undefined) claim.digests[signature].add(event.digest);
    claim.unusable ??= event.unusableChecksum;
  }
  const byRecording = new Map<RecordingId, EventEvidence>();
  for (const [recordingId, claim] of claims) {
    const signature = BEST_FIRST.find((one) => claim.digests[one].size > 0) ?? "not-checked";
    const named = [...claim.digests[signature]];
    const [first, second] = named;
    if (first !== undefined && second !== undefined) {
      findings.push(toContradictionFinding(recordingId, first, second));
    } else if (first === undefined && claim.unusable !== undefined) {
      findings.push(toUnusableFinding(recordingId, claim.unusable));
    }
    byRecording.set(recordingId, { sha256: second === undefined ? first : undefined, claims: named, signature });
  }
  return { byRecording, findings };
}

/** The digests that webhooks name for one recording, by what is known of their signatures. */
interface Claims {
  readonly digests: Readonly<Record<WebhookSignature, Set<Sha256Hex>>>;
  unusable: string | undefined;
}

const BEST_FIRST: readonly WebhookSignature[] = ["verified", "not-checked", "unsigned"];

function toEmptyClaims(): Claims {
  return { digests: { verified: new Set(), "not-checked": new Set(), unsigned: new Set() }, unusable: undefined };
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
    message: "two webhooks name different checksums for this recording, and no bytes can have both",
    detail: { algorithm: "sha256", expected, found },
  };
}
