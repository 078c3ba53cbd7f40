import { toDefectFindings } from "../archive/defect-findings.ts";
import { type Identity, identify, toHeaderless } from "../audio/identify.ts";
import type { Defect } from "../audio/structure.ts";
import { crossCheck, readTags, type Tags } from "../audio/tags.ts";
import type { Finding } from "../core/finding.ts";
import { readFileChunks } from "../io/read-file.ts";
import { readWholeFile } from "../io/read-whole-file.ts";
import { toNotAudio } from "./deep/judge-alone.ts";
import { isServerError } from "./server-error.ts";

/** What a file is by its bytes. */
export interface InspectResult {
  readonly path: string;
  readonly status: "complete" | "damaged" | "unknown" | "not-audio";
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly packetSha256: string | null;
  /** What the bytes are, in words: `an MP3 recording`, `a JSON error from the server`. */
  readonly content: string;
  readonly container: string | null;
  readonly codec: string | null;
  readonly sampleRateHz: number | null;
  readonly channels: number | null;
  readonly durationSeconds: number | null;
  readonly declaredDurationSeconds: number | null;
  readonly frames: number | null;
  readonly bitrateKbps: number | null;
  /** Whether all of the audio is there; null when the file does not say how much there should be. */
  readonly complete: boolean | null;
  readonly defects: readonly Defect[];
  readonly remarks: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Other files of the same run with the same audio packets in other bytes: their tags or containers differ. */
  readonly audioIdenticalTo: readonly string[];
}

/** A file larger than this is not read into memory for its tags. */
const MAX_TAGGED_BYTES = 64 << 20;

/** An error that a server sent is shorter. */
const MAX_ERROR_BYTES = 64 << 10;

/** Tags that help to tell recordings apart; the rest is for music. */
const SHOWN_TAGS = ["title", "artist", "album", "date", "encodedby"] as const;

/**
 * Reads a file through and says what it is: format, identity, structure, defects, tags. Another reader's view of the
 * headers is compared with ours; where they differ, a remark says so.
 *
 * @throws {NotFoundError} there is no such file.
 * @throws {StorageUnavailableError} it cannot be read.
 */
export async function inspectFile(path: string, signal: AbortSignal | undefined): Promise<InspectResult> {
  const identity = await identify(readFileChunks(path, signal), { headerless: toHeaderless(path) });
  const tags = await loadTags(path, identity);
  const { structure } = identity;
  const disagreements = structure === undefined || tags === undefined ? [] : crossCheck(structure, tags.claims);
  return {
    path,
    status: toStatus(identity),
    sizeBytes: identity.sizeBytes,
    sha256: identity.sha256,
    packetSha256: identity.packetSha256 ?? null,
    content: await describe(path, identity),
    container: structure?.container ?? null,
    codec: structure?.codec ?? null,
    sampleRateHz: structure?.sampleRateHz ?? null,
    channels: structure?.channels ?? null,
    durationSeconds: structure?.durationSeconds ?? null,
    declaredDurationSeconds: structure?.declaredDurationSeconds ?? null,
    frames: structure?.frames ?? null,
    bitrateKbps: structure?.bitrateKbps ?? null,
    complete: structure?.complete ?? null,
    defects: structure?.defects ?? [],
    remarks: [
      ...(structure?.remarks ?? []),
      ...disagreements.map((text) => `another reader sees it otherwise: ${text}`),
    ],
    tags: tags === undefined ? {} : toShownTags(tags),
    audioIdenticalTo: [],
  };
}

/** Makes the findings of an inspected file: its defects, or that it is no recording at all. */
export function toInspectFindings({ path, status, content, defects }: InspectResult): readonly Finding[] {
  return status === "not-audio" ? [toNotAudio(path, content)] : toDefectFindings(path, defects);
}

function toStatus({ structure }: Identity): InspectResult["status"] {
  if (structure === undefined) return "not-audio";
  if (structure.defects.length > 0 || structure.complete === false) return "damaged";
  return structure.complete === undefined ? "unknown" : "complete";
}

/** Names the content; a JSON document is looked at once more, for the error that it often is. */
async function describe(path: string, { content, sizeBytes }: Identity): Promise<string> {
  if (content.kind !== "json" || sizeBytes > MAX_ERROR_BYTES) return content.label;
  const text = new TextDecoder().decode(await readWholeFile(path));
  return isServerError(text) ? "a JSON error from the server" : content.label;
}

async function loadTags(path: string, { content, sizeBytes }: Identity): Promise<Tags | undefined> {
  if (content.format === undefined || sizeBytes > MAX_TAGGED_BYTES) return undefined;
  return readTags(await readWholeFile(path), content.format);
}

function toShownTags({ common }: Tags): Readonly<Record<string, string>> {
  const shown = SHOWN_TAGS.map((name) => [name, common[name]] as const);
  return Object.fromEntries(
    shown.filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]),
  );
}
