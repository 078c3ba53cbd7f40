import { tryParseDurationMs } from "../core/duration.ts";
import type { RetentionRule, RetentionTerm } from "../custody/retention-rules.ts";
import { ConfigError } from "./errors.ts";
import type { Config } from "./resolve-config.ts";
import type { RetentionRuleSettings } from "./schema.ts";

/** A rule of the configuration file, with the file that its list is to be read from. */
export interface StatedRule extends Omit<RetentionRule, "listed"> {
  /** A relative path counts from the working folder, as everywhere. */
  readonly listFile: string | undefined;
}

/** What the archive is to remove, and what it takes. */
export interface RetentionPolicy {
  readonly rules: readonly StatedRule[];
  /** How young a look at the bytes of a recording must be for it to be removed. */
  readonly verifiedWithinMs: number;
}

const DEFAULT_VERIFIED_WITHIN_MS = 30 * 86_400_000;

/**
 * Gives what the configuration file says of retention.
 *
 * @throws {ConfigError} it has no rules: without one nothing is ever removed.
 */
export function toRetentionPolicy({ retention, filePath }: Pick<Config, "retention" | "filePath">): RetentionPolicy {
  const { rules = [], verifiedWithin = "" } = retention ?? {};
  if (rules.length === 0) {
    throw new ConfigError(`no retention rules in ${filePath ?? "a configuration file, for there is none"}`, {
      hint: 'name a file with --config that has "retention": {"rules": [{"name": "five years", "olderThan": "1826d"}]}',
    });
  }
  const verifiedWithinMs = tryParseDurationMs(verifiedWithin) ?? DEFAULT_VERIFIED_WITHIN_MS;
  return { rules: rules.map(toStatedRule), verifiedWithinMs };
}

function toStatedRule(rule: RetentionRuleSettings): StatedRule {
  return { name: rule.name, term: toTerm(rule), direction: rule.direction, listFile: rule.list };
}

/** What cannot be read was refused with the file. */
function toTerm({ keep, olderThan }: RetentionRuleSettings): RetentionTerm {
  if (keep === true) return { kind: "keep" };
  const ageMs = tryParseDurationMs(olderThan ?? "");
  return ageMs === undefined ? { kind: "at-once" } : { kind: "older-than", ageMs };
}
