import { type CommandLine, type RunBounds, SYSTEM_PATHS } from "./confinement.ts";

/**
 * Builds the command that runs a program with no network, no other process in sight and a file system that has the
 * system's programs and libraries, its inputs, all of them read-only, and its outputs.
 *
 * The order counts: what comes later is put on top. An input that lies in an output folder is laid over it and so stays
 * read-only. The root is made read-only last, so an output folder is all that can be written.
 */
export function toBubblewrap(bwrap: string, { program, args }: CommandLine, { reads, writes }: RunBounds): CommandLine {
  const isolation = ["--unshare-all", "--die-with-parent", "--cap-drop", "ALL", "--clearenv"];
  const devices = ["/dev/null", "/dev/urandom"].flatMap((path) => ["--dev-bind", path, path]);
  const system = SYSTEM_PATHS.flatMap((path) => ["--ro-bind-try", path, path]);
  const writable = writes.flatMap((path) => ["--bind", path, path]);
  const readable = [program, ...reads].flatMap((path) => ["--ro-bind", path, path]);
  const room = ["--dir", WORKING_FOLDER, ...system, ...devices, ...writable, ...readable];
  const closed = ["--remount-ro", "/", "--chdir", WORKING_FOLDER];
  return { program: bwrap, args: [...isolation, ...room, ...closed, "--", program, ...args] };
}

/** Empty, and there only inside. */
const WORKING_FOLDER = "/run/holdfast";
