import type { PackagedRecording } from "../../core/packaged-recording.ts";
import { type AgentLink, toEvent } from "./event.ts";
import { toPathIdentifier } from "./identifier.ts";
import type { PackageFacts } from "./package-facts.ts";
import {
  toAccountIdentifier,
  toCopyIdentifier,
  toExportIdentifier,
  toOrganisationIdentifier,
  toPackageIdentifier,
  toProgramIdentifier,
} from "./package-identifiers.ts";

/** Writes the making of the package. It tells nothing of how that ended: this is written before. */
export function toExportEvent(facts: PackageFacts): string {
  return toEvent({
    identifier: toExportIdentifier(facts),
    type: { term: "information package creation" },
    at: facts.madeOn,
    detail: ["The originals were copied byte for byte into a package, and their digests computed on the way."],
    notes: [`case: ${facts.case}`],
    agents: [...toMakers(facts), ...toOrganisationLinks(facts)],
    objects: [{ object: toPackageIdentifier(facts), role: "outcome" }],
  });
}

/** Writes the making of a copy for listening; of a recording without one there is nothing to tell. */
export function toCopyEvent(recording: PackagedRecording, facts: PackageFacts): string {
  const { listeningCopy, original } = recording;
  if (listeningCopy === undefined) return "";
  const { path, profile, madeBy } = listeningCopy;
  return toEvent({
    identifier: toCopyIdentifier(recording, facts),
    type: { term: "creation" },
    at: facts.madeOn,
    detail: ["A copy for listening was made of the original, which is the evidence."],
    notes: [`profile: ${profile}`, `made by: ${madeBy}`],
    agents: toMakers(facts),
    objects: [
      { object: toPathIdentifier(original.path), role: "source" },
      { object: toPathIdentifier(path), role: "outcome" },
    ],
  });
}

function toMakers(facts: PackageFacts): readonly AgentLink[] {
  return [
    { agent: toProgramIdentifier(facts), role: "executing program" },
    { agent: toAccountIdentifier(facts.madeBy), role: "implementer" },
  ];
}

function toOrganisationLinks({ organisation }: PackageFacts): readonly AgentLink[] {
  return organisation === undefined ? [] : [{ agent: toOrganisationIdentifier(organisation), role: "implementer" }];
}
