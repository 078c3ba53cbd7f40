/** A program with its arguments. */
export interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
}

/** What one run of ffmpeg may touch and use. All paths are absolute. */
export interface RunBounds {
  /** The files that it may read. */
  readonly reads: readonly string[];
  /** The folders, or existing files, that it may write. */
  readonly writes: readonly string[];
  /** How long each file that it writes may become; undefined for any length. */
  readonly maxFileBytes: number | undefined;
  /** All of its threads together. */
  readonly cpuSeconds: number;
}

/** What holds an ffmpeg back beside its own arguments: limits that the kernel keeps, and a sandbox if one was asked for. */
export interface Confinement {
  /** What is kept, and what cannot be kept here, for `doctor` and reports: one phrase. */
  readonly description: string;
  /** Builds the command that runs `command` within its bounds. It has to be launched with a lifeline. */
  confine(command: CommandLine, bounds: RunBounds): CommandLine;
}

/**
 * Writable memory that one ffmpeg may map (`RLIMIT_DATA`). Sixteen opus encodings side by side map 433 MB with Debian's
 * 5.1 and 411 MB with the build of 2018, nearly all of it stacks of threads. The address space is not bounded: each thread
 * reserves 64 MiB of it for malloc and leaves it unused.
 */
export const MAX_MEMORY_BYTES = 2 * 1024 ** 3;

/** Where programs and their libraries lie, on all distributions together; none of it is anybody's recordings. */
export const SYSTEM_PATHS: readonly string[] = [
  ...["/usr", "/bin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/alternatives"],
  ...["/nix/store", "/gnu/store"],
];
