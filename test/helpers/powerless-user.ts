import { spawnSync } from "node:child_process";
import { chmod, lchown, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { runHoldfast } from "./run-holdfast.ts";

/** The user without rights: rights do not bind root, so as root the program runs as `nobody`. */
export const isRoot = process.getuid?.() === 0;
const NOBODY = 65534;
export const AS_USER = isRoot ? { uid: NOBODY } : {};

/** Skips, and says why, where another user cannot even read this program. */
export async function needProgram(skip: TestContext["skip"], cwd: string): Promise<void> {
  if (!isRoot) return;
  await chmod(cwd, 0o755);
  const { status } = spawnSync(process.execPath, ["--version"], { uid: NOBODY, gid: NOBODY, cwd });
  const ran = status === 0 ? await runHoldfast(["--version"], { cwd, ...AS_USER }) : undefined;
  if (ran?.code !== 0) skip("the user nobody cannot run the program here");
}

/** Makes all that lies in a folder the user's own. */
export async function giveToUser(cwd: string): Promise<void> {
  if (!isRoot) return;
  const all = await readdir(cwd, { recursive: true });
  for (const path of ["", ...all]) await lchown(join(cwd, path), NOBODY, NOBODY);
}
