import type { Archive } from "../../archive/archive.ts";
import type { Finding } from "../../core/finding.ts";
import { ThreadedCopier } from "../../export/copy/threaded-copier.ts";
import { type ExportPlan, planExport } from "../../export/export-plan.ts";
import type { ExportResult } from "../../export/export-result.ts";
import { runExport } from "../../export/export-run.ts";
import type { PackageRequest } from "../../export/package-request.ts";
import { isEmptySelection } from "../../export/select-recordings.ts";
import { Spool } from "../../io/spool.ts";
import type { Command, CommandContext } from "../command.ts";
import { type ExitCode, toExitCode } from "../exit-codes.ts";
import { addExportFlags, type ExportFlags, toExportFlags } from "../export-flags.ts";
import { openExportPorts } from "../export-ports.ts";
import { printExport, printExportPlan } from "../export-words.ts";
import { loadIds } from "../load-ids.ts";
import { loadPackageRequest } from "../load-package-request.ts";
import { startProgress } from "../progress.ts";
import { withArchive } from "../with-archive.ts";

/** `holdfast export` */
export const exportCommand: Command<ExportFlags> = {
  builder: addExportFlags,
  toOptions: toExportFlags,

  run: async (stated, context) => {
    const flags = await withList(stated);
    // What cannot be used is told before anything is opened.
    const request = await loadPackageRequest(flags, context);
    if (isEmptySelection(flags.selection)) return exportWith(undefined, { flags, request }, context);
    return withArchive(context, { create: false }, (archive) => exportWith(archive, { flags, request }, context));
  },
};

async function withList(flags: ExportFlags): Promise<ExportFlags> {
  if (flags.listFile === undefined) return flags;
  const { selection } = flags;
  const recordingIds = [...new Set([...selection.recordingIds, ...(await loadIds(flags.listFile))])];
  return { ...flags, selection: { ...selection, recordingIds } };
}

interface Asked {
  readonly flags: ExportFlags;
  readonly request: PackageRequest;
}

async function exportWith(archive: Archive | undefined, { flags, request }: Asked, context: CommandContext) {
  const plan = await planExport({ archive }, flags, context.signal);
  if (flags.dryRun) return printExportPlan(plan, archive, context);
  return exportPlan(plan, archive, { flags, request }, context);
}

async function exportPlan(
  plan: ExportPlan,
  archive: Archive | undefined,
  { flags, request }: Asked,
  context: CommandContext,
): Promise<ExitCode> {
  const { config, cores, clock, signal, output } = context;
  const copier = new ThreadedCopier(config.settings.concurrency ?? cores);
  const store = { results: new Spool<ExportResult>(), findings: new Spool<Finding>() };
  const progress = startProgress(output, "exported", clock);
  try {
    const ports = await openExportPorts({ archive, copier, request, listeningFormat: flags.listeningFormat }, context);
    const options = { clock, signal, store, onEvent: progress.onEvent };
    const report = await runExport(plan, request, ports, options).finally(progress.stop);
    printExport(report, context);
    return toExitCode(report.outcome);
  } finally {
    progress.stop();
    store.results.close();
    store.findings.close();
    await copier.close();
  }
}
