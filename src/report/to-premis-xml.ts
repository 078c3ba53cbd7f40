import type { Finding } from "../core/finding.ts";
import type { Failure } from "../core/report.ts";
import { toGroupedDigits } from "./cell-words.ts";
import type { FixityCheck } from "./fixity-check.ts";
import { toAgent } from "./premis/agent.ts";
import { PREMIS_BEGIN, PREMIS_END } from "./premis/document.ts";
import { type PremisEvent, toEvent } from "./premis/event.ts";
import { type Identifier, toPathIdentifier } from "./premis/identifier.ts";
import { toObject } from "./premis/object.ts";

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
  yield PREMIS_BEGIN;
  yield* toObjects(check);
  yield toRunEvent(check);
  let number = 0;
  for (const exception of toExceptions(check)) yield toExceptionEvent(exception, ++number, check);
  yield* toAgents(check);
  yield PREMIS_END;
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
  for (const place of check.places) yield toObject({ identifiers: [toPathIdentifier(place)] });
  let last: string | undefined;
  for (const { subject } of toExceptions(check)) {
    if (subject !== last && !check.places.includes(subject)) yield toFileObject(subject);
    last = subject;
  }
}

function toFileObject(path: string): string {
  const format = { name: "unknown", notes: ["this run did not determine it"] };
  return toObject({ identifiers: [toPathIdentifier(path)], characteristics: { fixities: [], format } });
}

function toRunEvent(check: FixityCheck): string {
  const { runId, startedAt, finishedAt, outcome, detail, notes, places, findings, failures } = check;
  const exceptions = toGroupedDigits(findings.length + failures.length);
  return toCheckEvent(check, {
    ...{ id: runId, at: startedAt, outcome, subjects: places },
    detail: [...detail, `Began ${startedAt}, ended ${finishedAt}.`],
    notes: [...notes, `Events for exceptions follow: ${exceptions}.`],
  });
}

/** When in the run something was found is not kept: its end is when it was known for certain. */
function toExceptionEvent({ subject, kind, notes }: Exception, number: number, check: FixityCheck): string {
  const { runId, finishedAt } = check;
  const detail = [`Exception ${number} of run ${runId}: ${kind}.`];
  return toCheckEvent(check, {
    ...{ id: `${runId}/${number}`, at: finishedAt, outcome: "fail", subjects: [subject], detail, notes },
  });
}

interface CheckEventParts extends Pick<PremisEvent, "at" | "detail" | "notes"> {
  readonly id: string;
  readonly outcome: FixityCheck["outcome"];
  readonly subjects: readonly string[];
}

function toCheckEvent({ agents }: FixityCheck, { id, subjects, ...parts }: CheckEventParts): string {
  return toEvent({
    ...parts,
    identifier: { type: "holdfast run", value: id },
    type: { term: "fixity check" },
    agents: [
      { agent: toLocal("holdfast"), role: "executing program" },
      ...agents.map(({ name }) => ({ agent: toLocal(name), role: "implementer" }) as const),
    ],
    objects: subjects.map((path) => ({ object: toPathIdentifier(path) })),
  });
}

function* toAgents({ agents, toolVersion }: FixityCheck): Generator<string> {
  yield toAgent({ identifier: toLocal("holdfast"), name: "holdfast", type: "software", version: toolVersion });
  for (const { name, type } of agents) yield toAgent({ identifier: toLocal(name), name, type });
}

function toLocal(name: string): Identifier {
  return { type: "local", value: name };
}
