import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { toBagInfoText } from "../../src/bag/to-bag-info.ts";
import { toDeclarationText } from "../../src/bag/to-declaration.ts";
import { toManifestLine } from "../../src/bag/to-manifest-line.ts";
import { toPayloadOxumText } from "../../src/bag/to-payload-oxum.ts";
import { parseSha256 } from "../../src/core/digest.ts";
import type { LedgerEvent } from "../../src/core/ledger-event.ts";
import type { PackagedRecording } from "../../src/core/packaged-recording.ts";
import { parseRecordingId } from "../../src/core/recording-id.ts";
import { signTagManifest, toAllowedSigners, toSignatureStatement } from "../../src/export/sign-package.ts";
import { toLoadFile } from "../../src/loadfile/to-load-file.ts";
import {
  ALLOWED_SIGNERS_NAME,
  CHECKPOINT_NAME,
  CUSTODY_NAME,
  DESCRIPTOR_NAME,
  SIGNATURE_NAME,
  SIGNED_MANIFEST_NAME,
  TIME_STAMP_NAME,
} from "../../src/packaging/package-layout.ts";
import type { PackageDescriptor } from "../../src/packaging/schema.ts";
import type { SigningKey } from "../../src/signing/signing-key.ts";
import { extractCustody, type TestCustody } from "../unit/ledger/test-custody.ts";
import { listTree } from "./list-tree.ts";
import { makeWav, tone } from "./make-wav.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

const CASE = "Ada v. Bob";
const LOAD_FILE = "data/loadfile/case.csv";
const ALGORITHMS = ["sha256", "sha512"] as const;
const MANIFEST = /^(?:tag)?manifest-/;

/** What a test package is to have. */
export interface TestPackageOptions {
  readonly signer?: SigningKey | undefined;
  /** Answers for the tag manifest as a time stamping authority does. */
  readonly stamp?: ((manifest: Buffer) => Promise<Uint8Array>) | undefined;
  /** The bytes of the first original. @default a WAV */
  readonly audio?: Buffer;
}

/** A small package of two recordings of an archive and a plain file, and what it was made of. */
export interface TestPackage {
  readonly root: string;
  readonly custody: TestCustody;
}

/** Makes a package by hand, with a ledger of its own behind it, in a folder that is removed when the test ends. */
export async function makePackage({ signer, stamp, audio }: TestPackageOptions = {}): Promise<TestPackage> {
  const root = join(await makeTemporaryFolder(), "case");
  const ada = toRecording("rec_ada", audio ?? makeWav([tone(1600, 20)]));
  const bob = toRecording("rec_bob", makeWav([tone(1600, 40)]));
  const plain = { ...toRecording("note", makeWav([tone(800, 40)])), recordingId: undefined, record: undefined };
  const custody = await extractCustody([
    toEvent(ada),
    { type: "fetched", subject: "rec_foreign" },
    { type: "exported", subject: "rec_ada", detail: { case: "another" } },
    toEvent(bob),
  ]);
  const rows = [ada, bob, plain];
  const files: Readonly<Record<string, string | Uint8Array>> = {
    ...Object.fromEntries(rows.map(({ original, bytes }) => [original.path, bytes])),
    "data/records/rec_ada.json": toRecord("rec_ada"),
    "data/records/rec_bob.json": toRecord("rec_bob"),
    [CUSTODY_NAME]: custody.texts.join(""),
    [CHECKPOINT_NAME]: custody.checkpoint.note,
    [LOAD_FILE]: Buffer.concat([...toLoadFile(rows, { profile: "csv", custodian: undefined })]),
    "data/premis.xml": "<premis/>\n",
    "review/index.html": "<!doctype html>\n",
    "README.txt": "Three ways to check this.\n",
    ...(signer === undefined
      ? {}
      : { [ALLOWED_SIGNERS_NAME]: toAllowedSigners({ key: signer, identity: "ada@example.com" }) }),
    [DESCRIPTOR_NAME]: JSON.stringify(toDescriptor(rows, custody, { signer, stamp })),
  };
  for (const [path, content] of Object.entries(files)) await putFile(root, path, content);
  await listAnew(root);
  const manifest = await readFile(join(root, SIGNED_MANIFEST_NAME));
  if (signer !== undefined) await sign(root, signer);
  if (stamp !== undefined) await putFile(root, TIME_STAMP_NAME, await stamp(manifest));
  return { root, custody };
}

/** Signs the tag manifest as it is now, and changes nothing else. */
export async function sign(root: string, key: SigningKey): Promise<void> {
  const manifest = await readFile(join(root, SIGNED_MANIFEST_NAME));
  await putFile(root, SIGNATURE_NAME, signTagManifest(manifest, { key, identity: "ada@example.com" }));
}

/** Writes all manifests and the Payload-Oxum for what stands there, as whoever covers up a change would. */
export async function listAnew(root: string): Promise<void> {
  const paths = await listTree(root);
  for (const path of paths.filter((each) => MANIFEST.test(each) && !/\.(?:sig|tsr)$/.test(each)))
    await rm(join(root, path));
  const payload = await readAll(
    root,
    paths.filter((path) => path.startsWith("data/")),
  );
  const octets = payload.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const oxum = toPayloadOxumText({ octets, streams: payload.length });
  await putFile(root, "bagit.txt", toDeclarationText());
  await putFile(root, "bag-info.txt", toBagInfoText([{ label: "Payload-Oxum", value: oxum }]));
  for (const name of ALGORITHMS) await putFile(root, `manifest-${name}.txt`, toManifest(name, payload));
  const tagPaths = (await listTree(root)).filter(
    (path) => !path.startsWith("data/") && !path.startsWith("tagmanifest-"),
  );
  const tags = await readAll(root, tagPaths);
  for (const name of ALGORITHMS) await putFile(root, `tagmanifest-${name}.txt`, toManifest(name, tags));
}

/** Changes what the package says of itself. */
export async function changeDescriptor(root: string, changes: Partial<PackageDescriptor>): Promise<void> {
  const descriptor = JSON.parse(await readFile(join(root, DESCRIPTOR_NAME), "utf8"));
  await putFile(root, DESCRIPTOR_NAME, JSON.stringify({ ...descriptor, ...changes }));
}

/** Writes a file of a package, and the folders that it lies in. */
export async function putFile(root: string, path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

type Row = PackagedRecording & { readonly bytes: Buffer };

function toRecording(name: string, bytes: Buffer): Row {
  return {
    controlNumber: name,
    family: { first: name, last: name },
    recordingId: parseRecordingId(name),
    callId: `call of ${name}`,
    sourceName: `recordings/${name}.wav`,
    original: toFile(`data/originals/${name}.wav`, bytes),
    audio: undefined,
    call: undefined,
    startedAt: undefined,
    endedAt: undefined,
    fetchedAt: undefined,
    evidence: undefined,
    notice: undefined,
    listeningCopy: undefined,
    record: toFile(`data/records/${name}.json`, Buffer.from(toRecord(name))),
    custody: [],
    waveform: undefined,
    bytes,
  };
}

function toRecord(name: string): string {
  return `{"recordingId":"${name}"}\n`;
}

function toEvent({ controlNumber, original, record }: Row): LedgerEvent {
  const digests = { original: parseSha256(original.sha256), sidecar: parseSha256(record?.sha256 ?? "") };
  return { type: "fetched", subject: controlNumber, digests };
}

function toDescriptor(
  rows: readonly Row[],
  { checkpoint, verifierKey, texts }: TestCustody,
  { signer, stamp }: TestPackageOptions,
): PackageDescriptor {
  const originalBytes = rows.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return {
    schema: "holdfast.export/1",
    tool: { name: "holdfast", version: "0.1.0" },
    case: CASE,
    organisation: null,
    madeOn: "2026-03-01",
    madeBy: "ada",
    archiveId: "3f1c",
    counts: { recordings: rows.length, originals: rows.length, originalBytes, durationSeconds: 0.25 },
    signature: signer === undefined ? null : toSignatureStatement({ key: signer, identity: "ada@example.com" }),
    timeStamp: stamp === undefined ? null : { file: TIME_STAMP_NAME, authority: "tsa.example" },
    ledger: {
      custody: CUSTODY_NAME,
      checkpoint: CHECKPOINT_NAME,
      verifierKey,
      size: checkpoint.size,
      events: texts.length,
    },
    loadFile: { file: LOAD_FILE, profile: "csv", rows: rows.length },
  };
}

interface ReadFile {
  readonly path: string;
  readonly bytes: Buffer;
}

function readAll(root: string, paths: readonly string[]): Promise<readonly ReadFile[]> {
  return Promise.all(paths.map(async (path) => ({ path, bytes: await readFile(join(root, path)) })));
}

function toManifest(algorithm: string, files: readonly ReadFile[]): string {
  return files.map(({ path, bytes }) => toManifestLine(toHex(algorithm, bytes), path)).join("");
}

function toFile(path: string, bytes: Buffer) {
  const [sha256, sha512] = [toHex("sha256", bytes), toHex("sha512", bytes)];
  return { path, sizeBytes: bytes.length, sha256, sha512, md5: undefined };
}

function toHex(algorithm: string, bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest("hex");
}
