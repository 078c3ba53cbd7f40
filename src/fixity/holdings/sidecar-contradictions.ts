import type { Archive } from "../../archive/archive.ts";
import { toSiblingKey } from "../../archive/sidecar.ts";
import type { ArchivedRecording } from "../../core/archived-file.ts";
import { type CallDetails, toCallDetails } from "../../core/call-details.ts";
import type { Finding } from "../../core/finding.ts";
import { tryParseJson } from "../../core/try-parse-json.ts";
import type { Look } from "../look/look.ts";

/** What a sidecar states of one file, as far as it is held against the catalogue. */
interface Stated {
  readonly file: string;
  readonly sha256: string;
  readonly stored?: { readonly sha256: string };
}

interface StatedRecording {
  readonly callId: string;
  readonly vendor: Partial<CallDetails> & { readonly createdAt: string };
  readonly original: Stated;
  readonly derivatives: readonly Stated[];
}

/**
 * Holds what the sidecar of a recording states against what the catalogue does, so that neither can be changed alone. Only of
 * a sidecar whose bytes are the recorded ones: we wrote it, and it is read as what it was written as. Pure.
 *
 * @param recording - What the catalogue knows, its files in the order of `looks`.
 */
export function findContradictions(
  archive: Pick<Archive, "toPath">,
  recording: Pick<ArchivedRecording, "callId" | "createdAtMs" | "call" | "files">,
  looks: readonly Look[],
): readonly Finding[] {
  const { files } = recording;
  const index = files.findIndex(({ role }) => role === "sidecar");
  const [sidecar, look] = [files[index], looks[index]];
  if (sidecar === undefined || look?.kind !== "regular" || look.digests[0] !== sidecar.sha256) return [];
  const said = tryParseJson(look.text ?? "") as StatedRecording;
  const stated = new Map(toStated(said).map((audio) => [toSiblingKey(sidecar.key, audio.file), audio]));
  const findings: Finding[] = findOtherFacts(said, recording).map((what) => {
    const message = `the catalogue and the sidecar differ in ${what}, by which recordings are selected and held`;
    return { kind: "manifest-invalid", subject: archive.toPath(sidecar.key), message, detail: {} };
  });
  for (const { key, role, sha256, plain } of files) {
    if (role === "sidecar") continue;
    const audio = stated.get(key);
    const found = audio?.stored?.sha256 ?? audio?.sha256;
    stated.delete(key);
    if (found === sha256 && (plain === undefined || plain.sha256 === audio?.sha256)) continue;
    const message = "the catalogue and the sidecar name different digests for this file";
    const detail = { algorithm: "sha256", expected: sha256, found } as const;
    findings.push({ kind: "digest-mismatch", subject: archive.toPath(key), message, detail });
  }
  for (const key of stated.keys()) {
    const message = "the sidecar speaks of this file and the catalogue does not, so that it was not verified";
    findings.push({ kind: "checksum-unverifiable", subject: archive.toPath(key), message, detail: {} });
  }
  return findings;
}

function toStated({ original, derivatives }: StatedRecording): readonly Stated[] {
  return [original, ...derivatives];
}

/** Names what the catalogue says otherwise. What it does not say of a call is from before it did. */
function findOtherFacts(
  { callId, vendor }: StatedRecording,
  recording: Pick<ArchivedRecording, "callId" | "createdAtMs" | "call">,
): readonly string[] {
  const { call } = recording;
  const told = toCallDetails(vendor);
  const isOtherCall = call !== undefined && CALL_FIELDS.some((field) => call[field] !== told?.[field]);
  return [
    ...(callId === recording.callId ? [] : ["the call's id"]),
    ...(Date.parse(vendor.createdAt) === recording.createdAtMs ? [] : ["the time of creation"]),
    ...(isOtherCall ? ["who called whom"] : []),
  ];
}

const CALL_FIELDS: readonly (keyof CallDetails)[] = ["from", "to", "direction"];
