import type { VerifySettings } from "../config/location-settings.ts";
import type { Finding } from "../core/finding.ts";
import { MAX_READERS, type VerifyLevel } from "../core/verification.ts";
import type { Decode } from "../fixity/deep/decoding.ts";
import { ThreadedLooker } from "../fixity/look/threaded-looker.ts";
import type { Budget } from "../fixity/look-batches.ts";
import type { VerifyOptions, VerifyResult } from "../fixity/verify-run.ts";
import { Spool } from "../io/spool.ts";
import type { CommandContext } from "./command.ts";
import { startProgress } from "./progress.ts";
import type { VerifyFlags } from "./verify-flags.ts";
import { toByteWords, toSpanWords } from "./wording.ts";

/** How a verification is to be done, with every default applied. */
export interface VerifyTerms {
  readonly level: VerifyLevel;
  readonly readers: number;
  readonly maxBytesPerSecond: number | undefined;
  readonly maxAgeMs: number | undefined;
  readonly budgetMs: number;
  readonly budgetBytes: number;
  /** Whether ffmpeg runs in a sandbox. */
  readonly sandbox: boolean;
}

/** Decides how a verification is done: by the flags, then by what is set for the place, then by default. */
export function toVerifyTerms(
  flags: VerifyFlags,
  place: VerifySettings | undefined,
  { config, cores }: Pick<CommandContext, "config" | "cores">,
): VerifyTerms {
  return {
    level: flags.level ?? place?.level ?? "digest",
    readers: Math.min(flags.readers ?? place?.readers ?? config.settings.concurrency ?? cores, MAX_READERS),
    maxBytesPerSecond: flags.maxBytesPerSecond ?? place?.maxBytesPerSecond,
    maxAgeMs: flags.maxAgeMs ?? place?.maxAgeMs,
    budgetMs: flags.budgetMs ?? place?.budgetMs ?? Number.POSITIVE_INFINITY,
    budgetBytes: flags.budgetBytes ?? place?.budgetBytes ?? Number.POSITIVE_INFINITY,
    sandbox: flags.sandbox,
  };
}

/** Says in words what was selected and how it was bounded; undefined for everything that is recorded. */
export function toRequestWords({ maxAgeMs, budgetMs, budgetBytes }: VerifyTerms): string | undefined {
  const words = [
    ...(maxAgeMs === undefined ? [] : [`what was not looked at for ${toSpanWords(maxAgeMs)}`]),
    ...(Number.isFinite(budgetMs) ? [`begun within ${toSpanWords(budgetMs)}`] : []),
    ...(Number.isFinite(budgetBytes) ? [`no more begun after ${toByteWords(budgetBytes)}`] : []),
  ];
  return words.length === 0 ? undefined : words.join(", ");
}

/** All that a verification needs but what is verified. */
export interface VerifyKit {
  readonly options: VerifyOptions;
  /** Ends the showing of progress; to be called before anything else is shown. Idempotent. */
  readonly stopProgress: () => void;
}

/** Makes what a verification needs, and lets go of it when `use` settles: a report is not read afterwards. */
export async function withVerifyKit<T>(
  settings: VerifyTerms,
  context: CommandContext,
  use: (kit: VerifyKit) => Promise<T>,
): Promise<T> {
  const { clock, signal, output } = context;
  const { level, readers, maxBytesPerSecond } = settings;
  const decode = level === "deep" ? await openDecode(settings, context) : undefined;
  const looker = new ThreadedLooker({ readers, maxBytesPerSecond });
  const store = { results: new Spool<VerifyResult>(), findings: new Spool<Finding>() };
  const progress = startProgress(output, "verified", clock);
  try {
    const budget = toBudget(settings, clock.now());
    const options = { level, looker, budget, decode, store, clock, signal, onEvent: progress.onEvent };
    return await use({ options, stopProgress: progress.stop });
  } finally {
    progress.stop();
    store.results.close();
    store.findings.close();
    await looker.close();
  }
}

function toBudget({ budgetMs, budgetBytes }: VerifyTerms, nowMs: number): Budget {
  return { untilMs: nowMs + budgetMs, bytes: budgetBytes };
}

/** What starts ffmpeg is loaded here: no other level needs it. */
async function openDecode({ sandbox }: VerifyTerms, context: CommandContext): Promise<Decode> {
  const [{ Slots }, { locateConfinement }, { decodeFiles }, { chooseFfmpeg }] = await Promise.all([
    import("../async/slots.ts"),
    import("../ffmpeg/locate-confinement.ts"),
    import("../fixity/deep/decode-files.ts"),
    import("./choose-ffmpeg.ts"),
  ]);
  const { ffmpeg } = await chooseFfmpeg(context);
  const confinement = await locateConfinement({ searchPath: context.environment["PATH"] ?? "", sandbox });
  const slots = new Slots(context.cores);
  return (requests, signal) => decodeFiles(requests, { ffmpeg, confinement, slots, signal });
}
