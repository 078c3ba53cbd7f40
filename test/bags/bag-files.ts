import { createHash } from "node:crypto";

/** A bag that is not on a disk yet: the bytes of its files by path. */
export type BagFiles = ReadonlyMap<string, Buffer>;

/** What a bag is made of; everything has a default that makes a good bag of version 1.0. */
export interface BagOptions {
  readonly version?: string;
  readonly payload?: Readonly<Record<string, string>>;
  /** Further tag files. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly algorithms?: readonly string[];
  /** None makes a bag without tag manifests. */
  readonly tagAlgorithms?: readonly string[];
  readonly encoding?: { readonly name: string; readonly encode: (text: string) => Buffer };
}

/** The payload of a bag that has nothing special in it. */
export const PAYLOAD = { "data/call.txt": "good morning\n", "data/2024/reply.txt": "good evening\n" };

const UTF_8 = { name: "UTF-8", encode: (text: string) => Buffer.from(text) };

/** Makes a line of a manifest, with the path as it is given. */
export function line(algorithm: string, content: string | Buffer, path: string): string {
  return `${createHash(algorithm).update(content).digest("hex")}  ${path}\n`;
}

/** Makes a bag. */
export function bag(options: BagOptions = {}): BagFiles {
  const { version = "1.0", payload = PAYLOAD, tags = {}, encoding = UTF_8 } = options;
  const { algorithms = ["sha512"], tagAlgorithms = ["sha512"] } = options;
  const files = new Map<string, Buffer>();
  const declaration = `BagIt-Version: ${version}\nTag-File-Character-Encoding: ${encoding.name}\n`;
  files.set("bagit.txt", Buffer.from(declaration));
  for (const [path, text] of Object.entries(tags)) files.set(path, encoding.encode(text));
  for (const algorithm of algorithms) {
    const lines = Object.entries(payload).map(([path, content]) => line(algorithm, content, toWritten(path, version)));
    files.set(`manifest-${algorithm}.txt`, encoding.encode(lines.join("")));
  }
  const listed = [...files];
  for (const algorithm of tagAlgorithms) {
    const lines = listed.map(([path, bytes]) => line(algorithm, bytes, toWritten(path, version)));
    files.set(`tagmanifest-${algorithm}.txt`, encoding.encode(lines.join("")));
  }
  for (const [path, content] of Object.entries(payload)) files.set(path, Buffer.from(content));
  return files;
}

/** Puts files into a bag, or in the place of others; the manifests stay as they are. */
export function withFiles(files: BagFiles, added: Readonly<Record<string, string | Buffer>>): BagFiles {
  return new Map([...files, ...Object.entries(added).map(([path, content]) => [path, Buffer.from(content)] as const)]);
}

/** Takes files out of a bag; the manifests stay as they are. */
export function withoutFiles(files: BagFiles, ...paths: readonly string[]): BagFiles {
  return new Map([...files].filter(([path]) => !paths.includes(path)));
}

/** Makes a bag without tag manifest whose only payload manifest is as given. */
export function bagWithManifest(manifest: string, options: BagOptions = {}): BagFiles {
  return withFiles(bag({ ...options, tagAlgorithms: [] }), { "manifest-sha512.txt": manifest });
}

/** Encodes what RFC 8493 section 2.1.3 says; the drafts leave names as they are. */
function toWritten(path: string, version: string): string {
  return version === "1.0" ? path.replace(/[%\n\r]/g, encodeURIComponent) : path;
}
