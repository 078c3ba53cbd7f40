import { statfs } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, release, tmpdir, totalmem, type } from "node:os";
import type { Machine } from "./schema.ts";

/** The magic numbers of `statfs(2)` for the file systems that temporary folders usually lie on. */
const FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0xef53, "ext4"],
  [0x0102_1994, "tmpfs"],
  [0x5846_5342, "xfs"],
  [0x9123_683e, "btrfs"],
  [0x794c_7630, "overlayfs"],
]);

/** Describes the machine that this runs on, and how busy it is now. */
export async function loadMachine(): Promise<Machine> {
  const { type: magic } = await statfs(tmpdir());
  return {
    cpu: cpus()[0]?.model.trim() || "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    kernel: `${type()} ${release()}`,
    fileSystem: FILE_SYSTEMS.get(magic) ?? `0x${magic.toString(16)}`,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}
