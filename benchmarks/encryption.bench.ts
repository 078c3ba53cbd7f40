import { createCipheriv, createHash } from "node:crypto";
import { open as openFile } from "node:fs/promises";
import type { Benchmark, BenchmarkContext, Case, OpenBenchmark, Subject } from "./harness/benchmark.ts";
import { parseChecksumList } from "./harness/checksum-list.ts";
import { repositoryPath } from "./harness/repository.ts";

const FULL_BYTES = 2 ** 31;
const SMOKE_BYTES = 2 ** 23;

/** The same key for all; it keeps nothing secret. */
const KEY_HEX = "00112233445566778899aabbccddeeff".repeat(2);

/**
 * Encrypting and storing one long recording, and reading and decrypting it, on one core: against `openssl enc`, which encrypts
 * with the same cipher in another mode and authenticates nothing, and `sha256sum`.
 */
export const encryptionBenchmark: Benchmark = {
  name: "encryption",
  description: "encrypting, hashing and storing, and reading and decrypting, against openssl enc with sha256sum",
  rounds: 5,
  open,
};

/** The file that is worked on, and where things go. */
interface Scene {
  readonly folder: string;
  readonly plain: string;
  readonly plainSha256: string;
}

async function open({ workspace, smoke }: BenchmarkContext): Promise<OpenBenchmark> {
  const sizeBytes = smoke ? SMOKE_BYTES : FULL_BYTES;
  const plain = workspace.path("plain");
  const scene = { folder: workspace.path("work"), plain, plainSha256: await writeNoise(plain, sizeBytes) };
  const size = `${sizeBytes / 2 ** 20} MiB`;
  return {
    parameters: { sizeBytes, cores: 1, cache: "warm" },
    cases: [
      toCase(`encrypt and store, ${size}`, scene, [toSubject(scene, ENCRYPT), toOpensslEncrypting(scene)]),
      toCase(`read and decrypt, ${size}`, scene, [toSubject(scene, DECRYPT), toOpensslDecrypting(scene)]),
    ],
    close: async () => undefined,
  };
}

/** The key stream of AES-128-CTR under an all-zero key. */
async function writeNoise(path: string, sizeBytes: number): Promise<string> {
  const [stream, hash, zeros] = [
    createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16)),
    createHash("sha256"),
    Buffer.alloc(2 ** 20),
  ];
  const file = await openFile(path, "w");
  try {
    for (let written = 0; written < sizeBytes; written += zeros.length) {
      const noise = stream.update(zeros);
      hash.update(noise);
      await file.write(noise);
    }
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

function toCase(name: string, { plainSha256 }: Scene, subjects: Case["subjects"]): Case {
  const expected = new Map([["plain", plainSha256]]);
  return { name, subjects, trials: [{ name: "digest of the plaintext", succeeds: true, expected }] };
}

interface Script {
  readonly description: string;
  readonly text: string;
}

const OPTIONS = `
import { createHash, createSecretKey } from "node:crypto";
import { decryptChunks, encryptChunks } from ${toImport("dist/encryption/message.js")};
import { readFileChunks } from ${toImport("dist/io/read-file.js")};
import { StagedFile } from ${toImport("dist/io/staged-file.js")};
const options = { dataKey: createSecretKey(Buffer.from("${KEY_HEX}", "hex")), context: { recording: "rec_1" } };
const [plain, cipher] = [createHash("sha256"), createHash("sha256")];
const print = () => console.log(plain.digest("hex") + "  plain");
async function* hashed(chunks, hash) {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}`;

const ENCRYPT: Script = {
  description: "encryptChunks into a StagedFile that is brought to disk, with the sha256 of plaintext and ciphertext",
  text: `${OPTIONS}
const staged = new StagedFile(".", "message");
await staged.write(encryptChunks(hashed(readFileChunks(PLAIN), plain), options), (chunk) => cipher.update(chunk));
await staged.commit("message", { overwrite: true });
print();`,
};

const DECRYPT: Script = {
  description: "decryptChunks of the stored file, with the sha256 of the plaintext",
  text: `${OPTIONS}
for await (const chunk of hashed(decryptChunks(readFileChunks("message"), options), plain));
print();`,
};

function toImport(path: string): string {
  return JSON.stringify(repositoryPath(path));
}

function toSubject({ folder, plain }: Scene, { description, text }: Script): Subject {
  const module = text.replaceAll("PLAIN", JSON.stringify(plain));
  return {
    name: "holdfast",
    description: `taskset -c 0 node: ${description}`,
    programs: ["taskset"],
    commandLine: { argv: ["taskset", "-c", "0", process.execPath, "--input-type=module", "-e", module], folder },
    clear: async () => undefined,
    outputs: async ({ stdout }) => parseChecksumList(stdout),
  };
}

const CTR = `openssl enc -aes-256-ctr -K ${KEY_HEX} -iv ${"0".repeat(32)}`;

function toOpensslEncrypting({ folder, plain }: Scene): Subject {
  const steps = `sha256sum < '${plain}' && ${CTR} -in '${plain}' -out enc && sync -d enc && sha256sum < enc >&2`;
  return toOpensslSubject(folder, steps.replaceAll(`'${plain}'`, "PLAIN"), steps);
}

function toOpensslDecrypting({ folder }: Scene): Subject {
  const steps = `${CTR} -d -in enc | sha256sum`;
  return toOpensslSubject(folder, steps, steps);
}

function toOpensslSubject(folder: string, description: string, steps: string): Subject {
  return {
    name: "openssl enc, sha256sum",
    description: `taskset -c 0 sh: ${description.replaceAll(KEY_HEX, "KEY")}`,
    programs: ["taskset", "openssl", "sha256sum", "sync"],
    commandLine: { argv: ["taskset", "-c", "0", "/bin/sh", "-c", steps], folder },
    clear: async () => undefined,
    outputs: async ({ stdout }) => parseChecksumList(stdout.replace(/-$/m, "plain")),
  };
}
