import { readdirSync, readFileSync } from "node:fs";

/** Whether this system tells of a process's children (Linux with CONFIG_PROC_CHILDREN). */
export const canReadTree = tryRead(`/proc/${process.pid}/task/${process.pid}/children`) !== undefined;

/**
 * Lists the processes below `pid`, however deep, without itself. Those that began a session of their own are
 * among them; those whose parent has ended are not.
 */
export function listDescendants(pid: number): readonly number[] {
  const children = listThreads(pid).flatMap((thread) =>
    (tryRead(`/proc/${pid}/task/${thread}/children`) ?? "").split(" ").filter((text) => text !== ""),
  );
  return children.map(Number).flatMap((child) => [child, ...listDescendants(child)]);
}

/** Gives the resident memory of a process in bytes: 0 when it has ended. Pages that it shares are counted in full. */
export function readResidentBytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(tryRead(`/proc/${pid}/status`) ?? "")?.[1];
  return kibibytes === undefined ? 0 : Number(kibibytes) * 1024;
}

function listThreads(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

function tryRead(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // It has ended meanwhile, or this is not Linux.
    return undefined;
  }
}
