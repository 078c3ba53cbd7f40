import type { Archive } from "../../archive/archive.ts";
import { NothingToDoError } from "../../core/errors.ts";
import type { Finding } from "../../core/finding.ts";
import { ThreadedCopier } from "../../export/copy/threaded-copier.ts";
import { type ExportPlan, planExport } from "../../export/export-plan.ts";
import type { ExportResult } from "../../export/export-result.ts";
import { type ExportPhase, runExport } from "../../export/export-run.ts";
import type { PackageRequest } from "../../export/package-request.ts";
import { isEmptySelection } from "../../export/select-recordings.ts";
import { liesWithin } from "../../io/lies-within.ts";
import { toRealPath } from "../../io/real-path.ts";
import { Spool } from "../../io/spool.ts";
import type { Command, CommandContext } from "../command.ts";
import { UsageError } from "../errors.ts";
import { type ExitCode, toExitCode } from "../exit-codes.ts";
import { addExportFlags, type ExportFlags, toExportFlags } from "../export-flags.ts";
import { openExportPorts } from "../export-ports.ts";
import { printExport, printExportPlan } from "../export-words.ts";
import { loadIds } from "../load-ids.ts";
import { loadPackageRequest } from "../load-package-request.ts";
import { startProgress } from "../progress.ts";
import { withArchive } from "../with-archive.ts";

/** Of what takes no longer nobody wonders whether it hangs. */
const QUICK_MS = 5000;

const PHASE_WORDS: Readonly<Record<ExportPhase, string>> = {
  listening: "originals copied; making copies for listening",
  writing: "writing lists, page and metadata",
  packing: "packing",
  verifying: "reading all of the package again",
};

/** `holdfast export` */
export const exportCommand: Command<ExportFlags> = {
  builder: addExportFlags,
  toOptions: toExportFlags,

  run: async (stated, context) => {
    const flags = await withList(stated);
    await refuseOutAmong(flags);
    // What cannot be used is told before anything is opened.
    const request = await loadPackageRequest(flags, context);
    if (isEmptySelection(flags.selection)) return exportWith(undefined, { flags, request }, context);
    return withArchive(context, { create: false }, (archive) => exportWith(archive, { flags, request }, context));
  },
};

async function withList(flags: ExportFlags): Promise<ExportFlags> {
  if (flags.listFile === undefined) return flags;
  const { selection } = flags;
  const listed = await loadIds(flags.listFile);
  // As if there were no list, a time alone would select all recordings of it.
  if (listed.length === 0) throw new NothingToDoError(`the list names nothing: ${flags.listFile}`);
  const recordingIds = [...new Set([...selection.recordingIds, ...listed])];
  return { ...flags, selection: { ...selection, recordingIds } };
}

/** A package in a folder that is exported would be in the next package of it. */
async function refuseOutAmong({ paths, outFolder }: ExportFlags): Promise<void> {
  const out = await toRealPath(outFolder);
  for (const path of paths) {
    if (liesWithin(await toRealPath(path), out)) throw new UsageError(`--out lies in what is exported: ${path}`);
  }
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
    const begunMs = clock.now();
    const onPhase = (phase: ExportPhase) => {
      progress.stop();
      if (clock.now() - begunMs >= QUICK_MS) output.note(PHASE_WORDS[phase]);
    };
    const options = { clock, signal, store, onEvent: progress.onEvent, onPhase };
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
