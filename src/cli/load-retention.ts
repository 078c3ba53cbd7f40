import { ConfigError } from "../config/errors.ts";
import { type StatedRule, toRetentionPolicy } from "../config/retention-settings.ts";
import { isHoldfastError } from "../core/errors.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { RetainRequest } from "../custody/retain-plan.ts";
import type { RetentionRule } from "../custody/retention-rules.ts";
import type { CommandContext } from "./command.ts";
import { loadIds } from "./load-ids.ts";

/**
 * Reads what the configuration file says of retention, and the lists that it names. A list that names nothing is refused: what
 * it was to keep would go.
 *
 * @throws {ConfigError} there are no rules, or a list cannot be used.
 */
export async function loadRetention({ config }: Pick<CommandContext, "config">): Promise<RetainRequest> {
  const { rules, verifiedWithinMs } = toRetentionPolicy(config);
  return { rules: await Promise.all(rules.map(loadRule)), verifiedWithinMs };
}

async function loadRule({ listFile, ...rule }: StatedRule): Promise<RetentionRule> {
  return { ...rule, listed: listFile === undefined ? undefined : await loadList(listFile, rule.name) };
}

async function loadList(path: string, ruleName: string): Promise<ReadonlySet<RecordingId>> {
  const ids = await loadIds(path).catch((error: unknown) => {
    if (!isHoldfastError(error)) throw error;
    throw new ConfigError(`the list of the retention rule "${ruleName}" cannot be read: ${error.message}`, {
      cause: error,
    });
  });
  if (ids.length > 0) return new Set(ids);
  throw new ConfigError(`the list of the retention rule "${ruleName}" names nothing: ${path}`);
}
