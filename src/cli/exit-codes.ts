import { assertNever, isHoldfastError } from "../core/errors.ts";
import type { Outcome } from "../core/report.ts";

/** The exit codes; scripts must treat one they do not know as a failure. `docs/exit-codes.md` explains them. */
export const EXIT_CODES = {
  ok: 0,
  failed: 1,
  usage: 2,
  partial: 3,
  findings: 4,
  refused: 5,
  locked: 11,
  cancelled: 130,
} as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** Gives the exit code of a run that came to an end. */
export function toExitCode(outcome: Outcome): ExitCode {
  switch (outcome) {
    case "ok":
    case "failed":
    case "partial":
    case "findings":
    case "refused":
    case "cancelled":
      return EXIT_CODES[outcome];
    default:
      return assertNever(outcome);
  }
}

/** Gives the exit code of a command that an error ended. */
export function toErrorExitCode(error: unknown): ExitCode {
  if (!isHoldfastError(error)) return EXIT_CODES.failed;
  switch (error.code) {
    case "USAGE":
    case "ANCHOR_INVALID":
    case "CONFIG_INVALID":
    case "ENCRYPTION_KEY_INVALID":
    case "ENCRYPTION_KEY_MISSING":
    case "INPUT_LIST_INVALID":
    case "PROFILE_INVALID":
    case "RECORD_NOT_FOUND":
    case "SIGNING_KEY_INVALID":
    case "MEDIA_FFMPEG_NOT_FOUND":
    case "MEDIA_SANDBOX_MISSING":
    case "TIMESTAMP_TRUST_INVALID":
      return EXIT_CODES.usage;
    case "HOLD_PREVENTS_CHANGE":
    case "POLICY_REFUSED":
      return EXIT_CODES.refused;
    case "LEDGER_BROKEN":
      return EXIT_CODES.findings;
    case "CATALOGUE_LOCKED":
      return EXIT_CODES.locked;
    default:
      return EXIT_CODES.failed;
  }
}
