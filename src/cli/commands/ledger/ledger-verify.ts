import type { ArgumentsCamelCase } from "yargs";
import type { Finding } from "../../../core/finding.ts";
import { LargeRunLog } from "../../../core/run-log.ts";
import { Spool } from "../../../io/spool.ts";
import { FileAnchor } from "../../../ledger/anchor.ts";
import { type AnchoredCheckpoint, loadAnchor } from "../../../ledger/anchor-file.ts";
import { boundGarbage } from "../../bound-garbage.ts";
import type { Command, CommandContext } from "../../command.ts";
import { type ExitCode, toExitCode } from "../../exit-codes.ts";
import { optionalString, refuseDryRun } from "../../flags.ts";
import { toLedgerFacts } from "../../ledger-words.ts";
import { openSetAnchors } from "../../open-anchors.ts";
import { toJsonReport, toProblemLines } from "../../report-output.ts";
import { toTexts } from "../hold/hold-flags.ts";
import { checkPlace } from "./check-place.ts";
import { findLedgerPlace, type LedgerPlace } from "./ledger-place.ts";
import { loadTrust, loadTsaTrust } from "./load-trust.ts";
import { type Comparison, openComparison } from "./open-comparison.ts";
import { toVerifyWords } from "./verify-words.ts";

/** The flags of `ledger verify`. */
interface VerifyLedgerFlags {
  readonly anchors: readonly string[];
  readonly publicKey: string | undefined;
  readonly tsaCa: string | undefined;
}

/** `holdfast ledger verify`: opens no ledger, so that a broken one is told of, and changes nothing in it. */
export const ledgerVerifyCommand: Command<VerifyLedgerFlags> = {
  builder: (yargs) =>
    yargs
      .option("anchor", {
        type: "string",
        array: true,
        requiresArg: true,
        describe: "Files of checkpoints that were kept outside the archive",
      })
      .option("public-key", {
        type: "string",
        requiresArg: true,
        describe: "The key that must have signed: an ssh line, PEM, or name+hash+key",
      })
      .option("tsa-ca", {
        type: "string",
        requiresArg: true,
        describe: "PEM file of the roots that time stamps must lead to",
      }),

  toOptions: (argv: ArgumentsCamelCase) => {
    refuseDryRun(argv, "ledger verify");
    const [publicKey, tsaCa] = [optionalString(argv, "publicKey"), optionalString(argv, "tsaCa")];
    return { anchors: toTexts(argv["anchor"]), publicKey, tsaCa };
  },

  run: async (flags, context) => {
    boundGarbage();
    const place = await findLedgerPlace(context);
    const comparison = await openComparison(place.location);
    try {
      return await verify({ place, comparison, flags }, context);
    } finally {
      await comparison.catalogue?.close();
    }
  },
};

interface Asked {
  readonly place: LedgerPlace;
  readonly comparison: Comparison;
  readonly flags: VerifyLedgerFlags;
}

async function verify({ place, comparison, flags }: Asked, context: CommandContext): Promise<ExitCode> {
  const { output } = context;
  const trust = await loadTrust(flags.publicKey, context);
  const trusted = await loadTsaTrust(flags.tsaCa);
  const anchors = await loadAnchors(flags.anchors, context);
  const findings = new Spool<Finding>();
  try {
    const log = new LargeRunLog<LedgerPart>({ ...context, concurrency: 1 }, { results: [], findings });
    const check = await checkPlace(place, { comparison, trust, trusted, anchors }, { findings, context });
    const { ledger, notCompared, stamps } = check;
    const status = findings.length > 0 ? "damaged" : "ok";
    const whole: LedgerPart = { path: place.folder, status, ...toLedgerFacts(ledger), key: trust?.path };
    const parts = [whole, ...stamps.map((stamp): LedgerPart => ({ ...stamp, status: "ok" }))];
    log.planned(parts.length, []);
    for (const result of parts) log.ended({ type: "done", result, bytes: 0, audioSeconds: 0 });
    const report = log.toReport("completed");
    output.printJson(toJsonReport("ledger verify", report, { ledger: toLedgerFacts(ledger), notCompared }));
    output.print(...toProblemLines(report), ...toVerifyWords(check, trust, findings.length));
    return toExitCode(report.outcome);
  } finally {
    findings.close();
  }
}

/** What was verified: the ledger, or a time stamp on one of its checkpoints. */
type LedgerPart = { readonly path: string; readonly status: "ok" | "damaged" } & Readonly<Record<string, unknown>>;

/** Reads those that are named, which must be there, and the one that is set, whose medium may be elsewhere today. */
async function loadAnchors(paths: readonly string[], context: CommandContext): Promise<readonly AnchoredCheckpoint[]> {
  const anchored: AnchoredCheckpoint[] = [];
  for (const path of paths) anchored.push(...(await loadAnchor(path)));
  for (const anchor of await openSetAnchors(context)) {
    if (paths.includes(anchor.place)) continue;
    const kept = await anchor.checkpoints();
    if (kept.length === 0 && anchor instanceof FileAnchor) {
      context.output.error(`warning: nothing is held by the anchor that is set: ${anchor.place}`);
    }
    anchored.push(...kept);
  }
  return anchored;
}
