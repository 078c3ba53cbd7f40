import { dirname } from "node:path";
import { type Identity, identify } from "../audio/identify.ts";
import { isHoldfastError } from "../core/errors.ts";
import type { Profile } from "../core/profile.ts";
import { type FfmpegSource, type FfmpegTarget, toConvertArguments } from "../ffmpeg/arguments.ts";
import { FfmpegFailedError } from "../ffmpeg/errors.ts";
import type { Ffmpeg } from "../ffmpeg/ffmpeg.ts";
import { runFfmpeg } from "../ffmpeg/run.ts";
import { DISK_FULL_HINT, isStorageFull, StorageFullError } from "../io/errors.ts";
import { loadFileVersion } from "../io/file-version.ts";
import { assertFreeBytes } from "../io/free-space.ts";
import { readFileChunks } from "../io/read-file.ts";
import { toRealPath } from "../io/real-path.ts";
import type { ConvertContext } from "./convert-job.ts";
import { type ConvertibleSource, DEMUXERS_BY_FORMAT } from "./convertible-source.ts";
import { deepCheck } from "./deep-check.ts";
import { OutputInvalidError, SourceChangedError } from "./errors.ts";
import { checkOutput } from "./output-check.ts";
import { withStreamAlone } from "./stream-alone.ts";
import type { Treatment } from "./treatment.ts";

/** A place for bytes that have no name yet. */
export interface StagedOutput {
  readonly path: string;
  /** Makes the file, empty. */
  prepare(): Promise<void>;
  discard(): Promise<void>;
}

/** An output to be made. */
export interface WantedOutput {
  readonly profile: Profile;
  readonly treatment: Treatment;
  /** Where it will stand, as reports name it. */
  readonly path: string;
  readonly staged: StagedOutput;
}

/** One source that can be encoded. */
export interface EncodableSource {
  readonly source: ConvertibleSource;
  readonly outputs: readonly WantedOutput[];
  /** What the file was when it was judged; see {@link loadFileVersion}. Nothing is made of one that has changed since. */
  readonly version: string;
  /**
   * Where the source lies, when what is read is a decrypted copy of our own, made and checked for this alone.
   *
   * @default it is read where it lies
   */
  readonly copyOf?: string | undefined;
  /** Calls `use` with a path where the source can be read, good until `use` settles. */
  withLocalFile<T>(use: (path: string) => Promise<T>): Promise<T>;
}

/** How one output was made. */
export interface EncodingRun {
  readonly ffmpeg: Ffmpeg;
  /** What makes this output alone; the run itself may have made others side by side, which changes no byte of it. */
  readonly arguments: readonly string[];
  /** Of the whole run. */
  readonly elapsedMs: number;
  readonly outputsInRun: number;
}

/** An output that was made, and checked or found wanting. */
export interface EncodedOutput extends WantedOutput {
  readonly identity: Identity;
  readonly run: EncodingRun;
  /** Why it must not get its name. */
  readonly fault: OutputInvalidError | undefined;
}

/** What became of one source: its outputs, or why there are none. */
export type Encoded = { readonly outputs: readonly EncodedOutput[] } | { readonly error: unknown };

/** The system's words (strerror of ENOSPC and EDQUOT), which ffmpeg prints. */
const DISK_FULL = /: (?:No space left on device|Disk quota exceeded)$/m;

/** Ffmpeg gets this long to start, and then the recordings' own length: even the slowest encoder here is 20 times faster. */
const START_TIMEOUT_MS = 60_000;
/** More than a timer can hold would be no time at all. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** What a file takes beside its audio: headers, and the rate of a variable mode above its mean. */
const SPACE_FACTOR = 1.3;
const HEADER_BYTES = 64 * 1024;

/**
 * Decodes each source once and encodes it to all of its outputs, all sources in one run of ffmpeg, then reads each output
 * back and checks it. When the run fails, each source is tried alone, so that a bad one costs its neighbours nothing.
 * Nothing gets a name here.
 *
 * @returns what became of each source, in order.
 * @throws {StorageFullError} no space left.
 */
export async function encodeTogether(
  sources: readonly EncodableSource[],
  context: ConvertContext,
): Promise<readonly Encoded[]> {
  const [first, ...others] = sources;
  if (first !== undefined && others.length === 0) return [await encodeAlone(first, context)];
  try {
    return (await encodeRun(sources, context)).map((outputs) => ({ outputs }));
  } catch (error) {
    if (!isHoldfastError(error) || isStorageFull(error)) throw error;
  }
  const encoded: Encoded[] = [];
  for (const source of sources) {
    for (const { staged } of source.outputs) await staged.discard();
    encoded.push(await encodeAlone(source, context));
  }
  return encoded;
}

async function encodeAlone(source: EncodableSource, context: ConvertContext): Promise<Encoded> {
  try {
    const [outputs = []] = await encodeRun([source], context);
    return { outputs };
  } catch (error) {
    if (!isHoldfastError(error) || isStorageFull(error)) throw error;
    return { error };
  }
}

function encodeRun(
  sources: readonly EncodableSource[],
  context: ConvertContext,
): Promise<readonly (readonly EncodedOutput[])[]> {
  return withLocalFiles(sources, async (located) => {
    const elapsedMs = await runInSlot(located, context);
    const outputsInRun = sources.reduce((sum, { outputs }) => sum + outputs.length, 0);
    const checked = await Promise.all(
      located.map((source) =>
        Promise.all(source.outputs.map((output) => check(output, source, { elapsedMs, outputsInRun, context }))),
      ),
    );
    for (const source of located) await assertUnchanged(source);
    return checked;
  });
}

function withLocalFiles<T>(
  [first, ...others]: readonly EncodableSource[],
  use: (located: readonly LocatedSource[]) => Promise<T>,
): Promise<T> {
  if (first === undefined) return use([]);
  const { source, outputs, version, copyOf } = first;
  return first.withLocalFile((localPath) =>
    withStreamAlone(localPath, first, (streamPath) =>
      withLocalFiles(others, (located) =>
        use([{ source, outputs, version, copyOf, localPath, streamPath }, ...located]),
      ),
    ),
  );
}

/** @throws {SourceChangedError} it is not the file any more that was read, judged and hashed. */
async function assertUnchanged({ localPath, version, copyOf }: LocatedSource): Promise<void> {
  if (copyOf !== undefined || (await loadFileVersion(localPath)) === version) return;
  throw new SourceChangedError(`it was changed while it was converted: ${localPath}`, {
    hint: "run the command again when nothing writes to it any more",
  });
}

interface LocatedSource extends Pick<EncodableSource, "source" | "outputs" | "version" | "copyOf"> {
  readonly localPath: string;
  /** What ffmpeg reads: the file itself, unless something is to be left out. */
  readonly streamPath: string;
}

/** Only ffmpeg itself needs one of the slots: what comes before and after it goes on beside the next run. */
async function runInSlot(sources: readonly LocatedSource[], context: ConvertContext): Promise<number> {
  const release = await context.slots.take();
  try {
    context.signal?.throwIfAborted();
    const outputs = sources.flatMap((source) => source.outputs.map((output) => ({ ...output, source: source.source })));
    for (const { staged } of outputs) await staged.prepare();
    const maxFileBytes = await assertSpace(outputs);
    const timeoutMs = toTimeoutMs(sources.map(({ source }) => source));
    const real = await Promise.all(sources.map(toStagedSource));
    // The files are there, empty, so that they have the modes they are to have.
    const args = ["-y", ...toConvertArguments(real)];
    const { ffmpeg, confinement, signal } = context;
    const reads = real.map(({ path }) => path);
    const writes = [...new Set(real.flatMap(({ targets }) => targets.map(({ path }) => dirname(path))))];
    return await runToDisk(ffmpeg, args, { signal, timeoutMs, confinement, reads, writes, maxFileBytes });
  } finally {
    release();
  }
}

/**
 * Makes sure that there is room for all outputs of a run, and gives how long the longest may become.
 *
 * @throws {StorageFullError} there is not.
 */
async function assertSpace(
  outputs: readonly (Pick<WantedOutput, "profile" | "staged"> & { source: ConvertibleSource })[],
): Promise<number> {
  let maxFileBytes = 0;
  const bytesByFolder = new Map<string, number>();
  for (const { profile, staged, source } of outputs) {
    const audioBytes = (source.structure.durationSeconds * profile.bitrateKbps * 1000) / 8;
    const folder = dirname(staged.path);
    const bytes = Math.ceil(audioBytes * SPACE_FACTOR) + HEADER_BYTES;
    bytesByFolder.set(folder, (bytesByFolder.get(folder) ?? 0) + bytes);
    maxFileBytes = Math.max(maxFileBytes, bytes);
  }
  for (const [folder, bytes] of bytesByFolder) await assertFreeBytes(folder, bytes);
  return maxFileBytes;
}

/** Without symbolic links: a sandbox shows a file where it is, and must not let it be written by way of another name. */
async function toStagedSource({ streamPath, source, outputs }: LocatedSource): Promise<FfmpegSource> {
  const targets = await Promise.all(
    outputs.map(async (output) => toTarget(output, { path: await toRealPath(output.staged.path) })),
  );
  return { path: await toRealPath(streamPath), demuxer: source.demuxer, targets };
}

/** As it would stand in a command line of one's own: the source itself, and the output under its name. */
function toNamedSource({ localPath, copyOf, source }: LocatedSource, output: WantedOutput): FfmpegSource {
  return { path: copyOf ?? localPath, demuxer: source.demuxer, targets: [toTarget(output, output)] };
}

function toTarget({ profile, treatment: { filter } }: WantedOutput, { path }: { readonly path: string }): FfmpegTarget {
  return { path, profile, filter };
}

/** A full disk is no fault of the recording's: it stops the run, whichever program met it. */
async function runToDisk(...run: Parameters<typeof runFfmpeg>): Promise<number> {
  try {
    return (await runFfmpeg(...run)).elapsedMs;
  } catch (error) {
    if (!(error instanceof FfmpegFailedError) || !DISK_FULL.test(error.exit.stderrTail)) throw error;
    throw new StorageFullError("no space left for what ffmpeg writes", { cause: error, hint: DISK_FULL_HINT });
  }
}

async function check(
  output: WantedOutput,
  located: LocatedSource,
  { context, ...run }: Pick<EncodingRun, "elapsedMs" | "outputsInRun"> & { readonly context: ConvertContext },
): Promise<EncodedOutput> {
  const { source } = located;
  const identity = await identify(readFileChunks(output.staged.path, context.signal));
  const structural = checkOutput(source.structure, output.profile, identity);
  const isDeep = context.check === "deep" && structural.length === 0;
  const problems = isDeep ? await checkDeeply(output, located, context) : structural;
  const fault = problems.length === 0 ? undefined : new OutputInvalidError(`${output.path}: ${problems.join("; ")}`);
  const args = toConvertArguments([toNamedSource(located, output)]);
  return { ...output, identity, run: { ffmpeg: context.ffmpeg, arguments: args, ...run }, fault };
}

/** Decoding is ffmpeg's work too, and waits for a slot. */
async function checkDeeply(
  { profile, staged, treatment: { channelMix } }: WantedOutput,
  { source, streamPath }: LocatedSource,
  { ffmpeg, confinement, slots, signal }: ConvertContext,
): Promise<readonly string[]> {
  const { demuxer, structure } = source;
  const release = await slots.take();
  try {
    const from = { path: await toRealPath(streamPath), demuxer, channels: structure.channels, channelMix };
    const output = { path: await toRealPath(staged.path), demuxer: DEMUXERS_BY_FORMAT[profile.format] };
    const bounds = { signal, confinement, timeoutMs: toTimeoutMs([source]) };
    return await deepCheck({ ffmpeg, source: from, output, profile }, bounds);
  } catch (error) {
    if (!(error instanceof FfmpegFailedError)) throw error;
    return [`it cannot be decoded: ${error.message}`];
  } finally {
    release();
  }
}

function toTimeoutMs(sources: readonly ConvertibleSource[]): number {
  const seconds = sources.reduce((sum, { structure }) => sum + structure.durationSeconds, 0);
  return Math.min(START_TIMEOUT_MS + Math.ceil(seconds * 1000), MAX_TIMEOUT_MS);
}
