import { type Identifier, toIdentifier } from "./identifier.ts";
import { type Term, toOwnTerm, toTerm } from "./terms.ts";

/** Who had a part in events. */
export interface PremisAgent {
  readonly identifier: Identifier;
  readonly name: string;
  /** Left out where it is not known what is behind the name. */
  readonly type?: Term<"agentType">;
  readonly version?: string;
  readonly note?: string;
}

/**
 * Writes an agent.
 *
 * @see PREMIS Data Dictionary 3.0 section 3
 */
export function toAgent({ identifier, name, type, version, note }: PremisAgent): string {
  return `<agent>
${toIdentifier("agentIdentifier", identifier)}${toOwnTerm("agentName", name)}${type === undefined ? "" : toTerm("agentType", "agentType", type)}${toOptional("agentVersion", version)}${toOptional("agentNote", note)}</agent>
`;
}

function toOptional(element: string, text: string | undefined): string {
  return text === undefined ? "" : toOwnTerm(element, text);
}
