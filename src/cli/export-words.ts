import type { Archive } from "../archive/archive.ts";
import { RunLog } from "../core/run-log.ts";
import type { ExportPlan } from "../export/export-plan.ts";
import { type ExportResult, toSubject } from "../export/export-result.ts";
import type { ExportedPackage, ExportReport } from "../export/export-run.ts";
import { measurePlan, type PlanSize } from "../export/measure-plan.ts";
import type { CommandContext } from "./command.ts";
import { type ExitCode, toExitCode } from "./exit-codes.ts";
import { toEndingLines, toJsonReport, toProblemLines } from "./report-output.ts";
import { toVisible } from "./terminal.ts";
import { toByteWords, toCountWords, toDurationWords } from "./wording.ts";

/** Of so many originals without a copy for listening it is told which they are; `--json` has all. */
const MAX_NAMED = 10;

/** Tells what was exported, or why nothing was. */
export function printExport(report: ExportReport, { output }: CommandContext): void {
  output.printJson(toJsonReport("export", report, { package: report.package && toPackageFacts(report.package) }));
  const lines = report.package === null ? ["no package was made"] : toPackageLines(report, report.package);
  output.print(...lines, ...toLeftOutLines(report.results), ...toEndingLines(report), ...toProblemLines(report));
}

/** What a script is told of the package, beside the fields of every report. */
function toPackageFacts({ path, form, tagManifestSha256, descriptor, timeStamp }: ExportedPackage) {
  const { case: name, counts, signature, ledger, loadFile } = descriptor;
  return {
    ...{ path, form, case: name, tagManifestSha256, counts },
    signature: signature && { identity: signature.identity, fingerprint: signature.fingerprint },
    timeStamp: timeStamp ?? null,
    custodyEvents: ledger?.events ?? null,
    loadFile,
  };
}

function toPackageLines({ counts }: ExportReport, made: ExportedPackage): readonly string[] {
  const { path, tagManifestSha256, descriptor } = made;
  const { durationSeconds, recordings } = descriptor.counts;
  const length = recordings === 0 ? "" : `, ${toDurationWords(durationSeconds)} of audio`;
  return [
    `exported ${toCountWords(counts.done, "original")} (${toByteWords(counts.bytes)}${length}) for ${descriptor.case}`,
    "every byte of the package was read again and is as its manifests say",
    ...toAttestLines(made),
    `package: ${path}`,
    `sha256 of tagmanifest-sha256.txt: ${tagManifestSha256}`,
    "tell the receiver this digest in another way: whoever can change the package can change all that is in it",
  ];
}

function toAttestLines({ descriptor: { signature }, timeStamp }: ExportedPackage): readonly string[] {
  const signed = signature === null ? "not signed (--sign)" : `signed with ${signature.fingerprint}`;
  if (timeStamp === undefined) return [`${signed}, no time stamp (--tsa)`];
  const chain =
    timeStamp.chain === "verified"
      ? "its chain leads to the certificates of --tsa-ca"
      : "whether its chain leads to an authority that anybody trusts was not checked (--tsa-ca)";
  // The name is a stranger's, and may have line ends in it.
  return [signed, `stamped ${timeStamp.stampedAt} by ${JSON.stringify(timeStamp.tsa)}; ${chain}`];
}

function toLeftOutLines(results: Iterable<Pick<PlannedResult, "subject" | "status" | "remarks">>): readonly string[] {
  const counts = { removed: 0, "not-in-archive": 0, "without-copy": 0 };
  const named: string[] = [];
  for (const { subject, status, remarks } of results) {
    if (status === "removed" || status === "not-in-archive") counts[status] += 1;
    if (remarks === undefined) continue;
    counts["without-copy"] += 1;
    if (named.length < MAX_NAMED) named.push(...remarks.map((remark) => toVisible(`  ${subject}: ${remark}`)));
  }
  const told: readonly (readonly [number, string, string])[] = [
    [counts.removed, "recording", "removed by retention before: their tombstones are in the package"],
    [counts["not-in-archive"], "recording", "named by the hold, and never in the archive"],
    [counts["without-copy"], "original", "without a copy for listening"],
  ];
  const lines = told
    .filter(([count]) => count > 0)
    .map(([count, noun, words]) => `${toCountWords(count, noun)} ${words}`);
  const left = counts["without-copy"] - MAX_NAMED;
  return [...lines, ...named, ...(left > 0 ? [`  and ${left} more, which --json names`] : [])];
}

/** Tells what would be exported. */
export async function printExportPlan(
  plan: ExportPlan,
  archive: Archive | undefined,
  { output, clock, signal }: CommandContext,
): Promise<ExitCode> {
  const size = await measurePlan(plan, archive, signal);
  const log = new RunLog<PlannedResult>({ clock, concurrency: 1 });
  const { items, removed, absent, failures } = plan;
  log.planned(items.length + removed.length + absent.length, failures);
  const report = { ...log.toReport("completed"), results: [...toPlannedResults(plan)] };
  output.printJson(toJsonReport("export", report, { selected: size }));
  output.print(...toSizeLines(size), ...toLeftOutLines(report.results), ...toProblemLines(report));
  output.print("dry run: nothing was written");
  return toExitCode(report.outcome);
}

type PlannedResult = Omit<ExportResult, "status"> & { readonly status: ExportResult["status"] | "planned" };

function* toPlannedResults({ items, removed, absent }: ExportPlan): Generator<PlannedResult> {
  for (const item of items) {
    const { path: packagePath, controlNumber, sizeBytes } = item;
    yield { subject: toSubject(item), status: "planned", packagePath, controlNumber, sizeBytes };
  }
  for (const { recordingId: subject } of removed) yield { subject, status: "removed" };
  for (const subject of absent) yield { subject, status: "not-in-archive" };
}

function toSizeLines({ recordings, files, bytes, durationSeconds }: PlanSize): readonly string[] {
  const hours = recordings === 0 ? "" : `, ${toDurationWords(durationSeconds)} of audio`;
  const others = files === 0 ? "" : ` and ${toCountWords(files, "file")} that no archive knows`;
  return [`would export ${toCountWords(recordings, "recording")}${hours}${others}: ${toByteWords(bytes)}`];
}
