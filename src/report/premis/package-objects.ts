import type { PackagedAudio, PackagedRecording } from "../../core/packaged-recording.ts";
import { toCopyFormat, toOriginalFormat } from "./audio-format.ts";
import { isShared } from "./custody-event.ts";
import { toOriginalFixities, toOwnFixities } from "./fixities.ts";
import { toPathIdentifier } from "./identifier.ts";
import { type PremisObject, type Relationship, toObject } from "./object.ts";
import type { PackageFacts } from "./package-facts.ts";
import {
  toCallIdentifier,
  toCopyIdentifier,
  toLedgerIdentifier,
  toPackageIdentifier,
  toRecordingIdentifier,
} from "./package-identifiers.ts";

/** Writes the package itself. */
export function toPackageObject(facts: PackageFacts): string {
  return toObject({
    identifiers: [toPackageIdentifier(facts)],
    properties: [{ type: "case", value: facts.case }],
  });
}

/** Writes a recording's original and its copy for listening; before the first one of a call, the call. */
export function* toRecordingObjects(recording: PackagedRecording, facts: PackageFacts): Generator<string> {
  const { callId, controlNumber, family } = recording;
  if (callId !== undefined && controlNumber === family.first) {
    yield toObject({ identifiers: [toCallIdentifier(callId)] });
  }
  yield toObject(toOriginal(recording, facts));
  const { listeningCopy } = recording;
  if (listeningCopy !== undefined) yield toObject(toCopy({ ...recording, listeningCopy }, facts));
}

function toOriginal(recording: PackagedRecording, facts: PackageFacts): PremisObject {
  const { recordingId, sourceName, original, audio, custody } = recording;
  return {
    identifiers: [
      toPathIdentifier(original.path),
      ...(recordingId === undefined ? [] : [toRecordingIdentifier(recordingId)]),
    ],
    properties: audio === undefined ? [] : toProperties(audio),
    characteristics: {
      fixities: toOriginalFixities(recording),
      sizeBytes: original.sizeBytes,
      format: toOriginalFormat(audio),
    },
    originalName: sourceName,
    relationships: [...toRelationships(recording, facts)],
    events: custody.filter((entry) => isShared(entry, recording)).map(({ seq }) => toLedgerIdentifier(seq, facts)),
  };
}

function toProperties({ durationSeconds, channels }: PackagedAudio) {
  return [
    { type: "duration in seconds", value: String(durationSeconds) },
    { type: "channels", value: String(channels) },
  ];
}

function* toRelationships(recording: PackagedRecording, facts: PackageFacts): Generator<Relationship> {
  const { callId, listeningCopy } = recording;
  yield { type: "structural", subType: "is Part Of", to: toPackageIdentifier(facts) };
  if (callId !== undefined) yield { type: "structural", subType: "represents", to: toCallIdentifier(callId) };
  if (listeningCopy !== undefined) {
    const to = toPathIdentifier(listeningCopy.path);
    yield { type: "derivation", subType: "is Source Of", to, event: toCopyIdentifier(recording, facts) };
  }
}

type WithCopy = PackagedRecording & { readonly listeningCopy: NonNullable<PackagedRecording["listeningCopy"]> };

function toCopy(recording: WithCopy, facts: PackageFacts): PremisObject {
  const { original, listeningCopy } = recording;
  const { path, sizeBytes, profile, madeBy } = listeningCopy;
  const event = toCopyIdentifier(recording, facts);
  const to = toPathIdentifier(original.path);
  return {
    identifiers: [toPathIdentifier(path)],
    characteristics: { fixities: toOwnFixities(listeningCopy), sizeBytes, format: toCopyFormat(profile), madeBy },
    relationships: [{ type: "derivation", subType: "has Source", to, event }],
  };
}
