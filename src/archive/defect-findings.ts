import type { Finding, FindingDetail, FindingKind } from "../core/finding.ts";

/** A defect as the structure of a file or the record of it holds it. */
interface RecordedDefect extends FindingDetail {
  readonly kind: FindingKind;
  readonly message: string;
}

/** Makes the findings of a report from the defects of one file. */
export function toDefectFindings(subject: string, defects: readonly RecordedDefect[]): readonly Finding[] {
  return defects.map(({ kind, message, ...detail }) => ({ kind, subject, message, detail }));
}
