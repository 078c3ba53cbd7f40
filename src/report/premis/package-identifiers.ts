import type { PackagedRecording } from "../../core/packaged-recording.ts";
import type { Identifier } from "./identifier.ts";
import type { PackageFacts } from "./package-facts.ts";

/** Names the package itself. */
export function toPackageIdentifier({ identifier }: PackageFacts): Identifier {
  return { type: "holdfast package, percent-encoded", value: identifier };
}

/** Names a recording, as the vendor does. */
export function toRecordingIdentifier(recordingId: string): Identifier {
  return { type: "recording id, percent-encoded", value: recordingId };
}

/** Names a call, as the vendor does. */
export function toCallIdentifier(callId: string): Identifier {
  return { type: "call id, percent-encoded", value: callId };
}

/** Names an event of the ledger by its place there. */
export function toLedgerIdentifier(seq: number, { archiveId }: PackageFacts): Identifier {
  return { type: "holdfast ledger event", value: archiveId === undefined ? String(seq) : `${archiveId}/${seq}` };
}

/** Names the making of the package. */
export function toExportIdentifier({ identifier }: PackageFacts): Identifier {
  return { type: "holdfast package event, percent-encoded", value: `${identifier}/export` };
}

/** Names the making of a copy for listening. */
export function toCopyIdentifier({ controlNumber }: PackagedRecording, { identifier }: PackageFacts): Identifier {
  return { type: "holdfast package event, percent-encoded", value: `${identifier}/listening/${controlNumber}` };
}

/** The program that made the package. */
export function toProgramIdentifier({ toolVersion }: PackageFacts): Identifier {
  return { type: "software", value: `holdfast ${toolVersion}` };
}

/** The program that did what the ledger tells, which does not say of which version it was. */
export const ANY_PROGRAM: Identifier = { type: "software", value: "holdfast" };

/** Names whoever did something; an account may bear the program's name. */
export function toAccountIdentifier(name: string): Identifier {
  return { type: "account, percent-encoded", value: name };
}

/** Names for whom the package was made. */
export function toOrganisationIdentifier(name: string): Identifier {
  return { type: "organisation, percent-encoded", value: name };
}
