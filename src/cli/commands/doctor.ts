import { hasArchive } from "../../compose.ts";
import { PROFILES } from "../../core/profile.ts";
import { RunLog } from "../../core/run-log.ts";
import { SandboxMissingError } from "../../ffmpeg/errors.ts";
import { locateConfinement } from "../../ffmpeg/locate-confinement.ts";
import { isThere } from "../../io/is-there.ts";
import { findLooseMode } from "../../io/loose-mode.ts";
import { chooseFfmpeg } from "../choose-ffmpeg.ts";
import type { Command, CommandContext } from "../command.ts";
import { toExitCode } from "../exit-codes.ts";
import { printReport } from "../report-output.ts";
import { toCountWords, toTable } from "../wording.ts";

interface Check {
  readonly subject: string;
  /** `open`: there, and others than its owner may use it. */
  readonly status: "ok" | "none" | "open";
  readonly message: string;
  readonly [detail: string]: unknown;
}

/** `holdfast doctor` */
export const doctorCommand: Command<Record<string, never>> = {
  builder: (yargs) => yargs,
  toOptions: () => ({}),

  run: async (_, context) => {
    const log = new RunLog<Check>({ clock: context.clock, concurrency: 1 });
    const checks = [checkNode(context), checkFfmpeg, ...CONFINEMENTS, checkArchive(context), checkKey(context)];
    log.planned(checks.length, []);
    for (const check of checks) {
      try {
        const result = typeof check === "function" ? await check(context) : await check;
        log.ended({ type: "done", result, bytes: 0, audioSeconds: 0 });
      } catch (error) {
        log.ended({ type: "failed", subject: "ffmpeg", error, result: undefined });
      }
    }
    const report = log.toReport("completed");
    const lines = toTable(report.results.map(({ subject, status, message }) => [subject, status, message]));
    printReport(context.output, "doctor", report, lines);
    return toExitCode(report.outcome);
  },
};

function checkNode({ cores }: CommandContext): Check {
  const message = `Node ${process.versions.node} on ${process.platform} ${process.arch}, ${toCountWords(cores, "core")}`;
  return { subject: "node", status: "ok", message, version: process.versions.node };
}

async function checkFfmpeg(context: CommandContext): Promise<Check> {
  const { ffmpeg, reason, passedOver } = await chooseFfmpeg(context);
  const { path, origin, version, copyrightYear, sha256 } = ffmpeg;
  const wanted = Object.values(PROFILES).map(({ encoder }) => encoder);
  const encoders = ffmpeg.encoders.filter((name) => wanted.some((encoder) => encoder === name));
  const ageYears =
    copyrightYear === undefined ? undefined : new Date(context.clock.now()).getUTCFullYear() - copyrightYear;
  const age =
    ageYears === undefined ? "age unknown" : `copyright ${copyrightYear}, ${toCountWords(ageYears, "year")} old`;
  const why = [reason, ...passedOver].join("; ");
  const message = `${path}: ${version}, ${age}; encoders ${encoders.join(", ")}; chosen: ${why}`;
  return {
    subject: "ffmpeg",
    status: "ok",
    message,
    path,
    origin,
    version,
    copyrightYear,
    ageYears,
    encoders,
    sha256,
    reason,
    passedOver,
  };
}

/** What holds ffmpeg back here, always and with `--sandbox`. */
const CONFINEMENTS = [
  (context: CommandContext) => checkConfinement("limits", context),
  (context: CommandContext) => checkConfinement("sandbox", context),
];

async function checkConfinement(subject: "limits" | "sandbox", { environment }: CommandContext): Promise<Check> {
  const request = { searchPath: environment["PATH"] ?? "", sandbox: subject === "sandbox" };
  try {
    const { description } = await locateConfinement(request);
    return { subject, status: "ok", message: description };
  } catch (error) {
    // No failure: nobody has asked for a sandbox yet.
    if (!(error instanceof SandboxMissingError)) throw error;
    return { subject, status: "none", message: error.message };
  }
}

async function checkArchive({ config }: CommandContext): Promise<Check> {
  const location = config.settings.archive;
  if (await hasArchive(location)) return checkMode("archive", { path: location, message: location, mend: "chmod 700" });
  return { subject: "archive", status: "none", message: `no archive at ${location} yet` };
}

async function checkMode(
  subject: string,
  { path, message, mend }: { readonly path: string; readonly message: string; readonly mend: string },
): Promise<Check> {
  const mode = await findLooseMode(path);
  if (mode === undefined) return { subject, status: "ok", message };
  return {
    subject,
    status: "open",
    message: `${message}: others than its owner may use it (mode ${mode}): ${mend} it`,
  };
}

async function checkKey({ config, environment }: CommandContext): Promise<Check> {
  const { apiKeyFile } = config.settings;
  if (apiKeyFile !== undefined) {
    if (!(await isThere(apiKeyFile))) return { subject: "key", status: "none", message: `no file at ${apiKeyFile}` };
    return checkMode("key", { path: apiKeyFile, message: `from ${apiKeyFile}`, mend: "chmod 600" });
  }
  if (environment["AUDIAN_API_KEY"]) return { subject: "key", status: "ok", message: "from AUDIAN_API_KEY" };
  return { subject: "key", status: "none", message: "no API key: fetch needs AUDIAN_API_KEY or --api-key-file" };
}
