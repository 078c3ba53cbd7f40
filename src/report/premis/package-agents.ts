import { toAgent } from "./agent.ts";
import type { PackageFacts } from "./package-facts.ts";
import {
  ANY_PROGRAM,
  toAccountIdentifier,
  toOrganisationIdentifier,
  toProgramIdentifier,
} from "./package-identifiers.ts";

/**
 * Writes who had a part in the events.
 *
 * @param actors - Whom the ledger names; empty where it tells nothing.
 */
export function* toAgents(actors: ReadonlySet<string>, facts: PackageFacts): Generator<string> {
  const { madeBy, organisation, toolVersion } = facts;
  const program = { name: "holdfast", type: "software" } as const;
  yield toAgent({ ...program, identifier: toProgramIdentifier(facts), version: toolVersion });
  if (actors.size > 0) {
    const note = "The ledger does not tell which version did what.";
    yield toAgent({ ...program, identifier: ANY_PROGRAM, note });
  }
  for (const name of new Set([madeBy, ...actors])) {
    const note = "Named by the operating system or the operator; nobody checked who it was.";
    yield toAgent({ identifier: toAccountIdentifier(name), name, note });
  }
  if (organisation !== undefined) {
    const note = "Named by whoever made the package.";
    yield toAgent({
      ...{ identifier: toOrganisationIdentifier(organisation), name: organisation, type: "organization", note },
    });
  }
}
