import { NothingToDoError } from "../core/errors.ts";
import type { Hold } from "../core/hold.ts";

/** How many names a message has room for. */
const MAX_NAMED = 10;

/**
 * Makes sure that something was held for a case once: what is mistyped must not look as if nothing were held.
 *
 * @throws {NothingToDoError} nothing was; the hint names the cases that there are.
 */
export function assertKnownCase(holds: readonly Hold[], name: string): void {
  if (holds.some((hold) => hold.case === name)) return;
  throw new NothingToDoError(`nothing was ever held for ${name}`, { hint: toCasesHint(holds) });
}

/**
 * Gives what stands for a case.
 *
 * @throws {NothingToDoError} nothing does; the hint names the cases that hold something.
 */
export function findStanding(holds: readonly Hold[], name: string): readonly Hold[] {
  assertKnownCase(holds, name);
  const standing = holds.filter((hold) => hold.case === name && hold.release === undefined);
  if (standing.length > 0) return standing;
  const hint = toCasesHint(holds.filter(({ release }) => release === undefined));
  throw new NothingToDoError(`all that was held for ${name} was released before`, { hint });
}

function toCasesHint(holds: readonly Hold[]): string {
  const names = [...new Set(holds.map((hold) => hold.case))];
  if (names.length === 0) return "there are no such cases";
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more: see \`holdfast hold list\`` : "";
  return `there are: ${names.slice(0, MAX_NAMED).join(", ")}${more}`;
}
