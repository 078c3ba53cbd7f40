import { dirname } from "node:path";
import { toStoredAudio } from "../../../archive/stored-audio.ts";
import { Identifier } from "../../../audio/identify.ts";
import type { AudianApi } from "../../../compose.ts";
import type { AudioFormat } from "../../../core/audio-format.ts";
import type { Sha256Hex } from "../../../core/digest.ts";
import { SizeMismatchError } from "../../../core/errors.ts";
import type { RecordingId } from "../../../core/recording-id.ts";
import { ConflictError } from "../../../io/errors.ts";
import { isThere } from "../../../io/is-there.ts";
import { toSafeName } from "../../../io/safe-name.ts";
import { StagedFile } from "../../../io/staged-file.ts";

/** Which recording to save, and where. */
export interface SaveRequest {
  readonly recordingId: RecordingId;
  /** @default the id, with the format of the bytes, in the working folder */
  readonly path: string | undefined;
}

/** A recording that was saved, as its bytes say. */
export interface SavedRecording {
  readonly recordingId: RecordingId;
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: Sha256Hex;
  readonly format: AudioFormat;
  /** Whether the recording's own structure says that all of it is there; null when the format cannot tell. */
  readonly complete: boolean | null;
}

/** The most that is taken for a recording whose size the vendor does not state. */
const MAX_UNSTATED_BYTES = 4 * 2 ** 30;

/**
 * Downloads a recording to a file that gets its name when it is whole: as long as the vendor states, and a recording
 * by its bytes. Nothing that stands there already is replaced.
 *
 * @throws {ConflictError} something stands under the name.
 * @throws {SizeMismatchError} there are fewer or more bytes than the vendor states.
 * @throws {NotAudioError} the bytes are no recording.
 * @throws {VendorError} the vendor was not able to give it.
 */
export async function saveRecording(
  api: AudianApi,
  { recordingId, path }: SaveRequest,
  { signal }: { readonly signal: AbortSignal },
): Promise<SavedRecording> {
  if (path !== undefined && (await isThere(path))) throw new ConflictError(`already exists: ${path}`);
  const { file_size } = await api.getRecording(recordingId, { signal });
  const staged = new StagedFile(dirname(path ?? "."), toSafeName(recordingId));
  try {
    const { chunks } = await api.downloadRecording(recordingId, { signal });
    const identifier = new Identifier();
    const bounded = withinSize(chunks, { recordingId, sizeBytes: file_size ?? undefined });
    await staged.write(bounded, (chunk) => identifier.push(chunk));
    const audio = toStoredAudio(recordingId, identifier.end(), (format) => `${toSafeName(recordingId)}.${format}`);
    const { sizeBytes, sha256, format, structure } = audio;
    await staged.commit(path ?? audio.file);
    return { recordingId, path: path ?? audio.file, sizeBytes, sha256, format, complete: structure.complete };
  } finally {
    await staged.discard();
  }
}

/** Passes chunks on, and ends a body that is longer than stated before it fills the disk. */
async function* withinSize(
  chunks: AsyncIterable<Uint8Array>,
  { recordingId, sizeBytes }: { readonly recordingId: RecordingId; readonly sizeBytes: number | undefined },
): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const chunk of chunks) {
    received += chunk.length;
    if (received > (sizeBytes ?? MAX_UNSTATED_BYTES)) break;
    yield chunk;
  }
  if (received !== (sizeBytes ?? received) || received > MAX_UNSTATED_BYTES) {
    throw new SizeMismatchError(recordingId, sizeBytes ?? MAX_UNSTATED_BYTES, received);
  }
}
