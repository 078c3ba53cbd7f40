import type { Archive } from "../../archive/archive.ts";
import { ConfigError } from "../../config/errors.ts";
import { toNoticeRules } from "../../config/notice-rules.ts";
import type { RunReport } from "../../core/report.ts";
import { type NoticePlan, planNotices } from "../../custody/notice-plan.ts";
import { type NoticeResult, runNotices, toPlannedNotices } from "../../custody/notice-run.ts";
import type { Command, CommandContext } from "../command.ts";
import { UsageError } from "../errors.ts";
import { toExitCode } from "../exit-codes.ts";
import { startProgress } from "../progress.ts";
import { printReport } from "../report-output.ts";
import { withArchive } from "../with-archive.ts";
import { toCountWords } from "../wording.ts";

/** How many sidecars are written side by side: what they wait for is the disk. */
const DEFAULT_CONCURRENCY = 64;

/** `holdfast notice` */
export const noticeCommand: Command<{ readonly isApplied: boolean }> = {
  builder: (yargs) =>
    yargs.option("apply", { type: "boolean", default: false, describe: "Write; without it nothing is changed" }),

  toOptions: (argv) => {
    const isApplied = argv["apply"] === true;
    if (isApplied && argv["dryRun"] === true) throw new UsageError("--apply and --dry-run contradict each other");
    return { isApplied };
  },

  run: async ({ isApplied }, context) => {
    const { clock, signal, config, output } = context;
    const rules = toNoticeRules(config);
    if (rules.length === 0)
      throw new ConfigError("no notices are set", { hint: "`notices` in the configuration file" });
    return withArchive(context, { create: false }, async (archive) => {
      const plan = await planNotices(archive, rules, { nowMs: clock.now(), signal });
      const report = isApplied
        ? await apply(archive, plan, context)
        : toPlannedNotices(plan, { clock, signal, concurrency: 1 });
      printReport(output, "notice", report, toSummary(report, { plan, isApplied }));
      return toExitCode(report.outcome);
    });
  },
};

async function apply(archive: Archive, plan: NoticePlan, context: CommandContext): Promise<RunReport<NoticeResult>> {
  const { clock, signal, config, output } = context;
  const progress = startProgress(output, "stated", clock);
  const concurrency = config.settings.concurrency ?? DEFAULT_CONCURRENCY;
  return runNotices(archive, plan, { clock, signal, concurrency, onEvent: progress.onEvent }).finally(progress.stop);
}

function toSummary(
  { counts }: RunReport<NoticeResult>,
  { plan: { items, others }, isApplied }: { readonly plan: NoticePlan; readonly isApplied: boolean },
): readonly string[] {
  const rest = `${others.already} state it already, ${others.noRule} fit no rule`;
  if (isApplied) return [`stated of ${toCountWords(counts.done, "recording")}; ${rest}`];
  const free = items.filter(({ caught }) => caught.length === 0);
  const byRule = new Map<string, number>();
  for (const { notice } of free) byRule.set(notice.rule, (byRule.get(notice.rule) ?? 0) + 1);
  return [
    ...[...byRule].map(([rule, count]) => `${rule}: ${toCountWords(count, "recording")}`),
    `would be stated of ${toCountWords(free.length, "recording")}; ${items.length - free.length} are held; ${rest}`,
    "dry run: nothing was changed; --apply writes it",
  ];
}
