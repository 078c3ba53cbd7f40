import { spawnSync } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What a program wrote, and how it ended. */
export interface Ran {
  readonly status: number | null;
  readonly text: string;
}

export function runProgram(program: string, args: readonly string[], input: string | Uint8Array = ""): Ran {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: "utf8" });
  return { status, text: `${stdout}${stderr}` };
}

/** Of a version that knows `-Y` (8.1 of 2019). */
const probe = runProgram("ssh-keygen", ["-Y", "check-novalidate"]);
export const HAS_SSH_KEYGEN = probe.status !== null && !/unknown option/.test(probe.text);

/** Of a version that signs whole texts with Ed25519. */
export const HAS_OPENSSL = /^OpenSSL ([3-9]|\d\d)/.test(runProgram("openssl", ["version"]).text);

/** Stands in the title of what is skipped without it. */
export const NO_SSH_KEYGEN = HAS_SSH_KEYGEN ? "" : " (skipped: there is no ssh-keygen that signs)";
export const NO_OPENSSL = HAS_OPENSSL ? "" : " (skipped: there is no openssl 3)";

/** Makes a key as a person does, and returns its path; the public half lies beside it. */
export function makeKeyFile(folder: string, type = "ed25519", passphrase = ""): string {
  const path = join(folder, `id_${type}`);
  // Of RSA the shortest, which is made the fastest.
  const size = type === "rsa" ? ["-b", "1024"] : [];
  const args = ["-q", "-t", type, ...size, "-N", passphrase, "-C", "a b", "-f", path];
  const { status, text } = runProgram("ssh-keygen", args);
  if (status !== 0) throw new Error(text);
  return path;
}

/** Signs with `ssh-keygen -Y sign`. */
export async function signByProgram(
  keyPath: string,
  data: string,
  { namespace, hash = "sha512" }: { readonly namespace: string; readonly hash?: string },
): Promise<string> {
  const path = `${keyPath}.message`;
  await writeFile(path, data);
  const args = ["-Y", "sign", "-q", "-O", `hashalg=${hash}`, "-n", namespace, "-f", keyPath, path];
  const { status, text } = runProgram("ssh-keygen", args);
  if (status !== 0) throw new Error(text);
  const signature = await readFile(`${path}.sig`, "utf8");
  await rm(`${path}.sig`);
  return signature;
}
