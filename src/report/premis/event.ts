import { type Identifier, toIdentifier } from "./identifier.ts";
import { type Term, toOwnTerm, toTerm } from "./terms.ts";
import { toXmlText } from "./xml-text.ts";

/** What an event is: a word of the Library of Congress, or one of ours where it has none that fits. */
export type PremisEventType = { readonly term: Term<"eventType"> } | { readonly own: string };

/** Who had a part in an event. */
export interface AgentLink {
  readonly agent: Identifier;
  readonly role: Term<"eventRelatedAgentRole">;
}

/** What an event was about. */
export interface ObjectLink {
  readonly object: Identifier;
  readonly role?: Term<"eventRelatedObjectRole">;
}

/** Something that was done. */
export interface PremisEvent {
  readonly identifier: Identifier;
  readonly type: PremisEventType;
  /** An instant, or a day. */
  readonly at: string;
  /** What was done, a sentence each. */
  readonly detail: readonly string[];
  /** Left out where nobody said how it ended. */
  readonly outcome?: Term<"eventOutcome">;
  /** What came of it. */
  readonly notes: readonly string[];
  readonly agents: readonly AgentLink[];
  readonly objects: readonly ObjectLink[];
}

/**
 * Writes an event.
 *
 * @see PREMIS Data Dictionary 3.0 section 2
 */
export function toEvent(event: PremisEvent): string {
  const { identifier, at, detail, agents, objects } = event;
  return `<event>
${toIdentifier("eventIdentifier", identifier)}${toType(event)}<eventDateTime>${toXmlText(at)}</eventDateTime>
<eventDetailInformation><eventDetail>${toXmlText(detail.join(" "))}</eventDetail></eventDetailInformation>
${toOutcome(event)}${agents.map(toAgentLink).join("")}${objects.map(toObjectLink).join("")}</event>
`;
}

function toType({ type }: PremisEvent): string {
  return "term" in type ? toTerm("eventType", "eventType", type.term) : toOwnTerm("eventType", type.own);
}

function toOutcome({ outcome, notes }: PremisEvent): string {
  const term = outcome === undefined ? "" : toTerm("eventOutcome", "eventOutcome", outcome);
  const inside = `${term}${notes.map(toNote).join("")}`;
  return inside === "" ? "" : `<eventOutcomeInformation>\n${inside}</eventOutcomeInformation>\n`;
}

function toNote(note: string): string {
  return `<eventOutcomeDetail><eventOutcomeDetailNote>${toXmlText(note)}</eventOutcomeDetailNote></eventOutcomeDetail>\n`;
}

function toAgentLink({ agent, role }: AgentLink): string {
  return toIdentifier("linkingAgentIdentifier", agent, toTerm("linkingAgentRole", "eventRelatedAgentRole", role));
}

function toObjectLink({ object, role }: ObjectLink): string {
  const term = role === undefined ? "" : toTerm("linkingObjectRole", "eventRelatedObjectRole", role);
  return toIdentifier("linkingObjectIdentifier", object, term);
}
