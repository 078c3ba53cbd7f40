import type { InspectResult } from "../../fixity/inspect-file.ts";
import { toHeadline } from "../../fixity/inspect-headline.ts";
import { runInspect } from "../../fixity/inspect-run.ts";
import { noteAccess } from "../access-log.ts";
import type { Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import { toExitCode } from "../exit-codes.ts";
import { positionals } from "../flags.ts";
import { printReport } from "../report-output.ts";
import { toDurationWords } from "../wording.ts";

/** `holdfast inspect` */
export const inspectCommand: Command<{ readonly files: readonly string[] }> = {
  builder: (yargs) => yargs.positional("file", { type: "string", array: true }),
  toOptions: (argv) => {
    const files = positionals(argv, "file");
    if (files.length === 0) throw new UsageError("inspect takes one file or more");
    return { files };
  },

  run: async ({ files }, context) => {
    const { output, clock, signal, config, cores } = context;
    await noteAccess(files, "inspect", context);
    const report = await runInspect(files, { concurrency: config.settings.concurrency ?? cores, clock, signal });
    const ordered = report.results.toSorted((a, b) => files.indexOf(a.path) - files.indexOf(b.path));
    printReport(output, "inspect", { ...report, results: ordered }, ordered.flatMap(toLines));
    return toExitCode(report.outcome);
  },
};

function toLines(result: InspectResult): readonly string[] {
  const tags = Object.entries(result.tags).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [
    `${result.path}: ${toHeadline(result)}`,
    ...result.audioIdenticalTo.map((path) => `  audio identical to ${path}, tags or container differ`),
    ...(result.codec === null ? [] : [`  ${toFacts(result)}`]),
    `  sha256 ${result.sha256}`,
    ...(result.packetSha256 === null ? [] : [`  audio  ${result.packetSha256}`]),
    ...(tags.length === 0 ? [] : [`  tags   ${tags.join(", ")}`]),
    ...result.remarks.map((remark) => `  remark: ${remark}`),
  ];
}

function toFacts({ codec, sampleRateHz, channels, durationSeconds, bitrateKbps }: InspectResult): string {
  const sides = channels === 1 ? "mono" : channels === 2 ? "stereo" : `${channels} channels`;
  const rate = bitrateKbps === null ? "" : `, ${bitrateKbps.toFixed(1)} kbps`;
  return `${codec}, ${sampleRateHz} Hz, ${sides}${rate}, ${toDurationWords(durationSeconds ?? 0)}`;
}
