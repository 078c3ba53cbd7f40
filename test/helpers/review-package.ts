import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { toDeclarationText } from "../../src/bag/to-declaration.ts";
import { toManifestLine } from "../../src/bag/to-manifest-line.ts";
import type { PackagedRecording } from "../../src/core/packaged-recording.ts";
import { loadReviewAssets } from "../../src/review/load-review-assets.ts";
import { toReviewPage } from "../../src/review/to-review-page.ts";
import { listTree } from "./list-tree.ts";
import { sampleDescriptor } from "./sample-package.ts";

/** What is built of the page's scripts and styles. */
const BUILT = new URL("../../dist/review/browser/", import.meta.url);

/** What a package of these tests holds beside its page. */
export interface ReviewPackage {
  readonly recordings?: readonly PackagedRecording[];
  /** Payload files, by their paths in the package. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** Whether the page says that signature and time stamp lie beside the package; whoever asks for it puts them there. */
  readonly isSealed?: boolean;
  /** Changes how the payload's manifests are written. @default as they should be */
  readonly toManifest?: (text: string) => string;
}

/** The seals that the page of a sealed package tells of. */
export const SEALS = {
  signature: { file: "tagmanifest-sha256.txt.sig", identity: "ada@example.com", fingerprint: "SHA256:abc" },
  timeStamp: { file: "tagmanifest-sha256.txt.tsr", authority: "http://tsa.example/" },
} as const;

/**
 * Makes a bag of a folder that may have payload already, with the real review page in it.
 *
 * @returns where the page is.
 */
export async function makeReviewPackage(root: string, made: ReviewPackage = {}): Promise<string> {
  const { recordings = [], files = {}, isSealed = false, toManifest } = made;
  for (const [path, bytes] of Object.entries(files)) await writeInto(root, path, bytes);
  const payload = (await listTree(root)).filter((path) => path.startsWith("data/"));
  await writeManifests(root, "manifest", payload, toManifest);
  const manifestSha256 = createHash("sha256")
    .update(await readFile(join(root, "manifest-sha256.txt")))
    .digest("hex");
  const assets = await loadReviewAssets(BUILT);
  const facts = { ...sampleDescriptor(recordings.length), ...(isSealed ? SEALS : {}), manifestSha256 };
  const page = [...toReviewPage(recordings, { facts, removed: [], assets })].join("");
  await writeInto(root, "review/index.html", page);
  await writeInto(root, "bagit.txt", toDeclarationText());
  await writeInto(root, "README.txt", "How to check this package.\n");
  const tags = (await listTree(root)).filter((path) => !path.startsWith("data/"));
  await writeManifests(root, "tagmanifest", tags);
  return join(root, "review/index.html");
}

async function writeManifests(
  root: string,
  name: string,
  paths: readonly string[],
  toText = (text: string) => text,
): Promise<void> {
  for (const algorithm of ["sha256", "sha512"]) {
    const lines: string[] = [];
    for (const path of paths) lines.push(toManifestLine(await hashFile(join(root, path), algorithm), path));
    await writeFile(join(root, `${name}-${algorithm}.txt`), toText(lines.join("")));
  }
}

async function hashFile(path: string, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk);
  return hash.digest("hex");
}

async function writeInto(root: string, path: string, bytes: string | Buffer): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), bytes);
}
