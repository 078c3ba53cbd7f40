import type { Finding } from "../core/finding.ts";
import type { Failure } from "../core/report.ts";
import { toGroupedDigits } from "./cell-words.ts";
import type { CheckAgent, FixityCheck } from "./fixity-check.ts";
import { toXmlName, toXmlText } from "./xml-text.ts";

const VOCABULARY = "http://id.loc.gov/vocabulary/preservation";

/** The words of the Library of Congress that are used here, with their codes. */
const CODES = {
  eventType: { "fixity check": "fix" },
  eventOutcome: { success: "suc", fail: "fai", warning: "war" },
  agentType: { software: "sof", person: "per", organization: "org", hardware: "har" },
  eventRelatedAgentRole: { "executing program": "exe", implementer: "imp" },
} as const;

/** Paths are names on one machine, and percent-encoded where they would not be seen or kept. */
const PATH_TYPE = "path, percent-encoded";

/**
 * Writes a verification as PREMIS 3, piece by piece: what was verified and each thing that something was found of as
 * objects, one event for the run and one for each finding and failure, and who made them. What was found to be right has no
 * event of its own: the run's speaks for it.
 *
 * An object is described as far as the run knows it, which is by its path. Of files the format is given as `unknown`, for
 * the schema wants one.
 *
 * @see PREMIS Data Dictionary 3.0 sections 1.1, 1.5.4 and 2
 */
export function* toPremisXml(check: FixityCheck): Generator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>
<premis xmlns="http://www.loc.gov/premis/v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0">
`;
  yield* toObjects(check);
  yield toRunEvent(check);
  let number = 0;
  for (const exception of toExceptions(check)) yield toExceptionEvent(exception, ++number, check);
  yield* toAgents(check);
  yield "</premis>\n";
}

/** What an event of its own tells of. */
interface Exception {
  readonly subject: string;
  readonly kind: string;
  readonly notes: readonly string[];
}

function* toExceptions({ findings, failures }: FixityCheck): Generator<Exception> {
  for (const finding of findings) yield toFound(finding);
  for (const failure of failures) yield toNotDone(failure);
}

function toFound({ subject, kind, message, detail }: Finding): Exception {
  const facts = Object.entries(detail).filter(([, value]) => value !== undefined);
  return { subject, kind, notes: [message, ...facts.map(([name, value]) => `${name}: ${value}`)] };
}

function toNotDone({ subject, code, message }: Failure): Exception {
  return { subject, kind: "not checked", notes: [`${message} (${code})`] };
}

/** Findings of one file follow each other: it is described once. */
function* toObjects(check: FixityCheck): Generator<string> {
  for (const place of check.places) {
    yield `<object xsi:type="intellectualEntity">\n${toObjectIdentifier(place)}</object>\n`;
  }
  let last: string | undefined;
  for (const { subject } of toExceptions(check)) {
    if (subject !== last && !check.places.includes(subject)) yield toFileObject(subject);
    last = subject;
  }
}

function toFileObject(path: string): string {
  return `<object xsi:type="file">
${toObjectIdentifier(path)}<objectCharacteristics>
<format>
<formatDesignation><formatName>unknown</formatName></formatDesignation>
<formatNote>this run did not determine it</formatNote>
</format>
</objectCharacteristics>
</object>
`;
}

function toObjectIdentifier(path: string): string {
  return `<objectIdentifier>
<objectIdentifierType>${PATH_TYPE}</objectIdentifierType>
<objectIdentifierValue>${toXmlName(path)}</objectIdentifierValue>
</objectIdentifier>
`;
}

function toRunEvent(check: FixityCheck): string {
  const { runId, startedAt, finishedAt, outcome, detail, notes, places, findings, failures } = check;
  const exceptions = toGroupedDigits(findings.length + failures.length);
  return toEvent(check, {
    ...{ id: runId, at: startedAt, outcome, subjects: places },
    detail: [...detail, `Began ${startedAt}, ended ${finishedAt}.`],
    notes: [...notes, `Events for exceptions follow: ${exceptions}.`],
  });
}

/** When in the run something was found is not kept: its end is when it was known for certain. */
function toExceptionEvent({ subject, kind, notes }: Exception, number: number, check: FixityCheck): string {
  const { runId, finishedAt } = check;
  const detail = [`Exception ${number} of run ${runId}: ${kind}.`];
  return toEvent(check, {
    ...{ id: `${runId}/${number}`, at: finishedAt, outcome: "fail", subjects: [subject], detail, notes },
  });
}

interface EventParts {
  readonly id: string;
  readonly at: string;
  readonly outcome: FixityCheck["outcome"];
  readonly detail: readonly string[];
  readonly notes: readonly string[];
  readonly subjects: readonly string[];
}

function toEvent({ agents }: FixityCheck, { id, at, outcome, detail, notes, subjects }: EventParts): string {
  return `<event>
<eventIdentifier>
<eventIdentifierType>holdfast run</eventIdentifierType>
<eventIdentifierValue>${toXmlName(id)}</eventIdentifierValue>
</eventIdentifier>
${toTerm("eventType", "eventType", "fixity check")}<eventDateTime>${at}</eventDateTime>
<eventDetailInformation><eventDetail>${toXmlText(detail.join(" "))}</eventDetail></eventDetailInformation>
<eventOutcomeInformation>
${toTerm("eventOutcome", "eventOutcome", outcome)}${notes.map(toNote).join("")}</eventOutcomeInformation>
${toAgentLink("holdfast", "executing program")}${agents.map(({ name }) => toAgentLink(name, "implementer")).join("")}${subjects.map(toObjectLink).join("")}</event>
`;
}

function toNote(note: string): string {
  return `<eventOutcomeDetail><eventOutcomeDetailNote>${toXmlText(note)}</eventOutcomeDetailNote></eventOutcomeDetail>\n`;
}

function toAgentLink(name: string, role: keyof (typeof CODES)["eventRelatedAgentRole"]): string {
  return `<linkingAgentIdentifier>
<linkingAgentIdentifierType>local</linkingAgentIdentifierType>
<linkingAgentIdentifierValue>${toXmlName(name)}</linkingAgentIdentifierValue>
${toTerm("linkingAgentRole", "eventRelatedAgentRole", role)}</linkingAgentIdentifier>
`;
}

function toObjectLink(path: string): string {
  return `<linkingObjectIdentifier>
<linkingObjectIdentifierType>${PATH_TYPE}</linkingObjectIdentifierType>
<linkingObjectIdentifierValue>${toXmlName(path)}</linkingObjectIdentifierValue>
</linkingObjectIdentifier>
`;
}

function* toAgents({ agents, toolVersion }: FixityCheck): Generator<string> {
  yield toAgent({ name: "holdfast", type: "software" }, `<agentVersion>${toXmlText(toolVersion)}</agentVersion>\n`);
  for (const agent of agents) yield toAgent(agent, "");
}

function toAgent({ name, type }: CheckAgent | { name: string; type: "software" }, version: string): string {
  return `<agent>
<agentIdentifier>
<agentIdentifierType>local</agentIdentifierType>
<agentIdentifierValue>${toXmlName(name)}</agentIdentifierValue>
</agentIdentifier>
<agentName>${toXmlText(name)}</agentName>
${toTerm("agentType", "agentType", type)}${version}</agent>
`;
}

/** Writes a word of a vocabulary of the Library of Congress, with its address. */
function toTerm<V extends keyof typeof CODES>(element: string, vocabulary: V, word: keyof (typeof CODES)[V] & string) {
  const code = CODES[vocabulary][word];
  const uri = `${VOCABULARY}/${vocabulary}`;
  return `<${element} authority="${vocabulary}" authorityURI="${uri}" valueURI="${uri}/${code}">${word}</${element}>\n`;
}
