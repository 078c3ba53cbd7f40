import { type CommandLine, MAX_MEMORY_BYTES, type RunBounds, SYSTEM_PATHS } from "./confinement.ts";
import { guard } from "./guard.ts";

/** How systemd is spoken to. */
export interface SystemdRun {
  readonly path: string;
  /** Whose services it starts: the system's as root, else the user's own manager, found under the runtime folder. */
  readonly userId: number;
}

/**
 * Builds the command that runs a program as a transient service, shut in as by bubblewrap. The service is no child of ours,
 * and ending `systemd-run` does not end it; its guard does.
 *
 * The order of the properties does not count: systemd lays what is deeper over what is above it [K], so an input in an output
 * folder stays read-only.
 *
 * @see systemd.exec(5), TemporaryFileSystem=, BindPaths=, PrivateNetwork= [D]
 */
export function toSystemdRun({ path, userId }: SystemdRun, command: CommandLine, bounds: RunBounds): CommandLine {
  const properties = toProperties(command.program, bounds).flatMap((property) => ["-p", property]);
  const guarded = guard(command, bounds);
  const clean = ["/usr/bin/env", "-i", guarded.program, ...guarded.args];
  const service = ["--pipe", "--wait", "--collect", "--quiet", ...properties, "--", ...clean];
  if (userId === 0) return { program: path, args: service };
  return { program: "/usr/bin/env", args: [`XDG_RUNTIME_DIR=/run/user/${userId}`, path, "--user", ...service] };
}

function toProperties(program: string, { reads, writes }: RunBounds): readonly string[] {
  return [
    ...["PrivateNetwork=yes", "PrivateDevices=yes", "PrivateIPC=yes", "NoNewPrivileges=yes", "CapabilityBoundingSet="],
    ...["TemporaryFileSystem=/:ro", "WorkingDirectory=/", `MemoryMax=${MAX_MEMORY_BYTES}`],
    `BindReadOnlyPaths=${[...SYSTEM_PATHS.map((path) => `-${path}`), ...[program, ...reads].map(quote)].join(" ")}`,
    ...(writes.length === 0 ? [] : [`BindPaths=${writes.map(quote).join(" ")}`]),
  ];
}

/** Quotes a path of a list of mounts; a colon outside quotes would part the source from the target. */
function quote(path: string): string {
  return `"${path.replaceAll(/["\\]/g, "\\$&")}"`;
}
