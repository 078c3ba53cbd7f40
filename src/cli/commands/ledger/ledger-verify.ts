import type { ArgumentsCamelCase } from "yargs";
import { compareWithCatalogue } from "../../../archive/check-ledger.ts";
import { RecordedStates } from "../../../archive/recorded-states.ts";
import { type StampVerification, verifyStamps } from "../../../archive/verify-stamps.ts";
import type { Finding } from "../../../core/finding.ts";
import { LargeRunLog } from "../../../core/run-log.ts";
import { Spool } from "../../../io/spool.ts";
import { FileAnchor } from "../../../ledger/anchor.ts";
import { type AnchoredCheckpoint, loadAnchor } from "../../../ledger/anchor-file.ts";
import { type LedgerVerification, verifyLedger } from "../../../ledger/verify-ledger.ts";
import { boundGarbage } from "../../bound-garbage.ts";
import type { Command, CommandContext } from "../../command.ts";
import { type ExitCode, toExitCode } from "../../exit-codes.ts";
import { optionalString, refuseDryRun } from "../../flags.ts";
import { toLedgerFacts } from "../../ledger-words.ts";
import { openSetAnchors } from "../../open-anchors.ts";
import { toJsonReport, toProblemLines } from "../../report-output.ts";
import { toTexts } from "../hold/hold-flags.ts";
import { CountedEvents } from "./counted-events.ts";
import { findLedgerPlace, type LedgerPlace } from "./ledger-place.ts";
import { loadTrust, loadTsaTrust, type Trust } from "./load-trust.ts";
import { type Comparison, openComparison } from "./open-comparison.ts";
import { toVerifyWords } from "./verify-words.ts";

/** The flags of `ledger verify`. */
interface VerifyLedgerFlags {
  readonly anchors: readonly string[];
  readonly publicKey: string | undefined;
  readonly tsaCa: string | undefined;
}

/** What was held against each other, and what came of it. */
export interface LedgerCheck extends StampVerification {
  readonly place: LedgerPlace;
  readonly trust: Trust | undefined;
  readonly ledger: LedgerVerification;
  /** Why the catalogue was not compared with the events; undefined when it was. */
  readonly notCompared: string | undefined;
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
  const { clock, signal, output } = context;
  const trust = await loadTrust(flags.publicKey, context);
  const trusted = await loadTsaTrust(flags.tsaCa);
  const anchors = await loadAnchors(flags.anchors, context);
  const findings = new Spool<Finding>();
  const log = new LargeRunLog<LedgerPart>({ clock, concurrency: 1 }, { results: new Spool<LedgerPart>(), findings });
  try {
    const states = new RecordedStates();
    const counted = new CountedEvents(output, clock);
    const ledger = await verifyLedger(place.folder, {
      archiveId: place.archiveId,
      publicKey: trust?.publicKey,
      anchors,
      isGrowing: comparison.catalogue === undefined && comparison.isLocked,
      onEntry: (entry) => {
        counted.add();
        states.enter(entry);
      },
      signal,
    });
    log.found(ledger.findings);
    const notCompared = comparison.catalogue === undefined ? comparison.reason : undefined;
    if (comparison.catalogue !== undefined) {
      for await (const finding of compareWithCatalogue(states, comparison.catalogue)) log.found([finding]);
    }
    const { stamps, findings: stampFindings } = await verifyStamps(place.folder, { trusted, nowMs: clock.now() });
    log.found(stampFindings);
    const check = { place, trust, ledger, notCompared, stamps, findings: stampFindings };
    const parts = toParts(check, findings.length > 0);
    log.planned(parts.length, []);
    for (const result of parts) log.ended({ type: "done", result, bytes: 0, audioSeconds: 0 });
    const report = log.toReport("completed");
    output.printJson(toJsonReport("ledger verify", report, { ledger: toLedgerFacts(ledger), notCompared }));
    output.print(...toProblemLines(report), ...toVerifyWords(check, findings.length));
    return toExitCode(report.outcome);
  } finally {
    findings.close();
  }
}

/** What was verified: the ledger, and each time stamp on one of its checkpoints. */
type LedgerPart = { readonly path: string; readonly status: "ok" | "damaged" } & Readonly<Record<string, unknown>>;

function toParts({ place, ledger, trust, stamps }: LedgerCheck, isDamaged: boolean): readonly LedgerPart[] {
  const key = trust?.path;
  return [
    { path: place.folder, status: isDamaged ? "damaged" : "ok", ...toLedgerFacts(ledger), key },
    ...stamps.map((stamp) => ({ ...stamp, status: "ok" as const })),
  ];
}

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
