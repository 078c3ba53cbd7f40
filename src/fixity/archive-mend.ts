import type { Archive } from "../archive/archive.ts";
import type { Operator } from "../archive/quarantine.ts";
import type { ArchivedFile } from "../core/archived-file.ts";
import type { Clock } from "../core/clock.ts";
import type { Finding, FindingDetail } from "../core/finding.ts";
import { type HealOutcome, healFile } from "./heal/heal-file.ts";
import type { HealSource } from "./heal/heal-source.ts";
import { type QuarantineOutcome, quarantineFile } from "./heal/quarantine-file.ts";
import type { ArchiveUnit } from "./holdings/archive-holding.ts";
import type { Suspect } from "./move-tracer.ts";
import type { Mend, Mended } from "./verify-run.ts";

/** How damaged files of an archive are mended. */
export interface ArchiveMendOptions {
  /** Where good copies are; without one, damaged bytes are put into quarantine and nothing takes their place. */
  readonly source: HealSource | undefined;
  readonly by: Operator;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** Makes what mends the files of an archive, and tells in the finding what was done and by whom. */
export function toArchiveMend(archive: Archive, { source, ...options }: ArchiveMendOptions): Mend {
  const { by } = options;
  return async (suspect) => {
    const { finding } = suspect;
    const damaged = { file: toFile(suspect), findings: [finding] };
    if (source === undefined) return tellQuarantine(finding, await quarantineFile(archive, damaged, options));
    return tellHealing(finding, await healFile(archive, damaged, { ...options, source }), by);
  };
}

function toFile({ unit, index }: Suspect): ArchivedFile {
  const file = (unit as ArchiveUnit).recording.files[index];
  if (file === undefined) throw new Error(`internal error: no file ${index} of ${unit.subject}`);
  return file;
}

function tellHealing(finding: Finding, outcome: HealOutcome, { user, host }: Operator): Mended {
  switch (outcome.status) {
    case "healed": {
      const { from, quarantinedAs } = outcome;
      const kept = quarantinedAs === undefined ? "" : `; what stood there is kept as ${quarantinedAs}`;
      const words = `restored from ${from} by ${user} on ${host}, and read again${kept}`;
      return { finding: amend(finding, words, { healedFrom: from, quarantinedAs }), isMended: true };
    }
    case "sound":
      return { finding: amend(finding, "when it was read once more, it was sound: nothing was done"), isMended: true };
    case "no-copy": {
      const tried = outcome.tried.map(({ origin, why }) => `${origin}: ${why}`).join("; ");
      const words = tried === "" ? "not restored: there is no copy" : `not restored: no copy fits (${tried})`;
      return { finding: amend(finding, words), isMended: false };
    }
    case "failed":
      return { finding: tellFailure(finding, "not restored", outcome), isMended: false };
  }
}

function tellQuarantine(finding: Finding, outcome: QuarantineOutcome): Mended {
  switch (outcome.status) {
    case "quarantined": {
      const { quarantinedAs } = outcome;
      return { finding: amend(finding, `moved to ${quarantinedAs}`, { quarantinedAs }), isMended: false };
    }
    case "absent":
      return { finding, isMended: false };
    case "sound":
      return { finding: amend(finding, "when it was read once more, it was sound: nothing was done"), isMended: true };
    case "failed":
      return { finding: tellFailure(finding, "not moved", { ...outcome, quarantinedAs: undefined }), isMended: false };
  }
}

function tellFailure(
  finding: Finding,
  words: string,
  { error, quarantinedAs }: Pick<HealOutcome & { readonly status: "failed" }, "error" | "quarantinedAs">,
): Finding {
  const kept = quarantinedAs === undefined ? "" : `; what stood there is kept as ${quarantinedAs}`;
  return amend(finding, `${words}: ${error.message} (${error.code})${kept}`, { quarantinedAs });
}

function amend({ message, detail, ...finding }: Finding, words: string, more: FindingDetail = {}): Finding {
  return { ...finding, message: `${message}; ${words}`, detail: { ...detail, ...more } };
}
