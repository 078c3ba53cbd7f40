import type { Holding } from "../fixity/holding.ts";
import { runVerify, type VerifyOptions } from "../fixity/verify-run.ts";
import type { CommandContext } from "./command.ts";
import { printDryRun } from "./dry-run.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { VerifyFlags } from "./verify-flags.ts";
import { toRequestWords, toVerifyTerms, withVerifyKit } from "./verify-kit.ts";
import { reportVerification } from "./verify-output.ts";
import { toByteWords, toCountWords } from "./wording.ts";

/** Verifies what is no archive and notes nothing. It is opened while the threads that are to read it begin. */
export async function verifyHolding(
  open: () => Promise<Holding>,
  flags: VerifyFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const terms = toVerifyTerms(flags, undefined, context);
  if (flags.dryRun) {
    const { location, planned } = await open();
    return printPlan(location, { ...terms, ...planned }, context);
  }
  const asked = { request: toRequestWords(terms), reportPath: flags.reportPath };
  return withVerifyKit(terms, context, async (kit) => {
    const holding = await open();
    const verify = (options: VerifyOptions) => runVerify(holding, options);
    return reportVerification({ ...asked, place: holding, kit, verify }, context);
  });
}

/** Says what would be looked at. */
export function printPlan(
  location: string,
  { level, files, bytes }: { readonly level: string; readonly files: number; readonly bytes: number | undefined },
  context: CommandContext,
): ExitCode {
  const action = `${level} of ${toCountWords(files, "file")}${bytes === undefined ? "" : `, ${toByteWords(bytes)}`}`;
  return printDryRun(context, "verify", { items: [{ subject: location, action }], failures: [] });
}
