import { toDefectFindings } from "../archive/defect-findings.ts";
import type { LocatedSidecar } from "../archive/sidecar.ts";
import type { Finding } from "../core/finding.ts";
import type { Promises } from "./promises.ts";

/** Gives what is wrong with a stored recording: defects of its own, and promises of the vendor that it breaks. */
export function toStoredFindings(
  { subject, sizeBytes, digests }: Promises,
  { sidecar }: LocatedSidecar,
): readonly Finding[] {
  const { original } = sidecar;
  const findings = [...toDefectFindings(subject, original.structure.defects)];
  if (sizeBytes !== undefined && sizeBytes !== original.sizeBytes) {
    findings.push({
      kind: "size-mismatch",
      subject,
      message: `the vendor says ${sizeBytes} bytes, the recording has ${original.sizeBytes}`,
      detail: { expected: sizeBytes, found: original.sizeBytes },
    });
  }
  const other = digests.find(({ sha256 }) => sha256 !== original.sha256);
  if (other !== undefined) {
    findings.push({
      kind: "digest-mismatch",
      subject,
      message: "the vendor now names another checksum than that of the recording in the archive",
      detail: { algorithm: "sha256", expected: other.sha256, found: original.sha256 },
    });
  }
  return findings;
}
