import { type CommandLine, MAX_MEMORY_BYTES, type RunBounds } from "./confinement.ts";

/** POSIX has a shell here; Windows has none. */
export const SHELL = "/bin/sh";

/**
 * Sets the limits and becomes the program, beside a shell that waits for the end of standard input, which comes when whoever
 * holds the other end closes it or dies, and kills the whole group then. The group cannot be another's by that time, because
 * that shell is in it. It is deaf to what asks the program to end; and the program may outlive its asking, but not us.
 *
 * The kernel's death signal (`setpriv --pdeathsig`) does not do: it never comes to who starts after the death, and
 * bubblewrap killed by it at the wrong moment leaves a child behind that waits for ever.
 *
 * A system that allows less already keeps what it allows, hence `|| :`. The shell's variables are all that the environment has.
 */
const GUARD = `
exec 3<&0 </dev/null
{ trap "" HUP INT TERM; read -r _ <&3; kill -s KILL -- -$$; } >/dev/null 2>&1 &
exec 3<&-
ulimit -c 0
ulimit -d "$1" 2>/dev/null || :
ulimit -t "$2" 2>/dev/null || :
ulimit -f "$3" 2>/dev/null || :
shift 3
unset PWD OLDPWD SHLVL
exec "$@"`;

/**
 * Builds the command that bounds a program's memory, processor time and files, and that ends it when Holdfast ends, however
 * that may be. The process that is started becomes the program itself. It must lead a group of its own and have a lifeline.
 *
 * @see POSIX.1-2017, Shell and Utilities, ulimit: files are counted in blocks of 512 bytes
 */
export function guard({ program, args }: CommandLine, { cpuSeconds, maxFileBytes }: RunBounds): CommandLine {
  const fileBlocks = maxFileBytes === undefined ? "unlimited" : Math.ceil(maxFileBytes / 512);
  const limits = [MAX_MEMORY_BYTES / 1024, Math.ceil(cpuSeconds), fileBlocks].map(String);
  return { program: SHELL, args: ["-c", GUARD, "holdfast", ...limits, program, ...args] };
}
