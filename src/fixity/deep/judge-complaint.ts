import type { Structure } from "../../audio/structure.ts";
import type { FfmpegFailedError } from "../../ffmpeg/errors.ts";
import type { Decodable, DecodeVerdict } from "./decoding.ts";

/** What a shell says that cannot start a program. POSIX.1-2017, Shell Command Language 2.8.2 */
const NOT_STARTED: readonly (number | undefined)[] = [126, 127];

/** The system's words (strerror), which ffmpeg prints: they speak of the machine, not of the recording. */
const SYSTEM_WORDS =
  /: (?:No such file or directory|Permission denied|Input\/output error|Stale file handle|Cannot allocate memory|Too many open files(?: in system)?)$/m;

/** A build may leave out what it likes. */
const LACKS_DECODER = /^Decoder .*not found for input stream|Unknown input format|Unknown decoder/m;

/** Bounds what is quoted of ffmpeg. */
const MAX_QUOTED_LENGTH = 200;

/**
 * Judges a recording that was decoded alone, and about which ffmpeg complained or failed. Pure.
 *
 * @throws {FfmpegFailedError} ffmpeg was not even started: no recording's fault.
 */
export function judgeComplaint(recording: Decodable, error: FfmpegFailedError): DecodeVerdict {
  const { exitCode, timedOut, stderrTail } = error.exit;
  if (NOT_STARTED.includes(exitCode)) throw error;
  if (timedOut || exitCode === undefined || SYSTEM_WORDS.test(stderrTail)) {
    return toUnreadable(recording, withoutAddresses(error.message));
  }
  if (LACKS_DECODER.test(stderrTail))
    return { kind: "undecodable", reason: `this ffmpeg lacks the decoder for ${recording.structure.codec}` };
  const lawful = toLawfulComplaint(recording.structure);
  if (lawful !== undefined) return { kind: "undecodable", reason: lawful };
  const message = `it cannot be decoded without complaint: ${quote(stderrTail, exitCode)}`;
  return { kind: "decoded", findings: [{ kind: "corrupt-frames", subject: recording.path, message, detail: {} }] };
}

/** Tells of what is lawful in a recording and makes decoders complain nevertheless, in half a sentence; undefined for nothing. */
export function toLawfulComplaint({ container, samplesExact, defects, links }: Structure): string | undefined {
  if (links !== undefined) return `this ffmpeg does not decode ${links} recordings that are joined in one file`;
  const hasPauses = container === "amr" && !samplesExact && defects.length === 0;
  return hasPauses ? "this ffmpeg does not decode the pauses of AMR" : undefined;
}

export function toUnreadable({ path }: Decodable, reason: string): DecodeVerdict {
  const message = `the file cannot be decoded: ${reason}`;
  return { kind: "unreadable", finding: { kind: "unreadable", subject: path, message, detail: {} } };
}

/** Quotes the first line of what is known of ffmpeg's words. */
function quote(stderrTail: string, exitCode: number | undefined): string {
  const [first, ...more] = stderrTail.split("\n").filter((line) => line.trim() !== "");
  if (first === undefined) return `ffmpeg ended with status ${exitCode}`;
  const words = withoutAddresses(first).trim().slice(0, MAX_QUOTED_LENGTH);
  return `"${words}"${more.length === 0 ? "" : ", and more"}`;
}

/** `[mp3float @ 0x55d0c8]`: where a decoder lay in memory is another each time. */
function withoutAddresses(text: string): string {
  return text.replaceAll(/ @ 0x[0-9a-f]+/g, "");
}
