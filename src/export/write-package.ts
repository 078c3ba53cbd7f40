import { createHash } from "node:crypto";
import type { BagInfoElement } from "../bag/bag-info.ts";
import { type Clock, toIsoInstant } from "../core/clock.ts";
import type { PackagedRecording } from "../core/packaged-recording.ts";
import type { Sequence } from "../core/sequence.ts";
import { TOOL_VERSION } from "../core/tool-version.ts";
import { type LoadFileProfile, toLoadFileExtension } from "../loadfile/profiles.ts";
import { toLoadFile } from "../loadfile/to-load-file.ts";
import {
  ALLOWED_SIGNERS_NAME,
  DESCRIPTOR_NAME,
  LOAD_FILE_FOLDER,
  PREMIS_NAME,
  README_NAME,
  REVIEW_PAGE_NAME,
  SIGNATURE_NAME,
  TIME_STAMP_NAME,
} from "../packaging/package-layout.ts";
import { DESCRIPTOR_SCHEMA, type PackageDescriptor } from "../packaging/schema.ts";
import type { PackageFacts as PremisFacts } from "../report/premis/package-facts.ts";
import { toPackagePremis } from "../report/to-package-premis.ts";
import type { ReviewAssets } from "../review/load-review-assets.ts";
import type { RemovedRecording } from "../review/page-data.ts";
import { toReviewPage } from "../review/to-review-page.ts";
import type { PackageFolder } from "./package-folder.ts";
import { toPackageName } from "./package-name.ts";
import { toReadmeText } from "./package-readme.ts";
import type { PackageRequest } from "./package-request.ts";
import type { RowTally } from "./row-tally.ts";
import { signTagManifest, toAllowedSigners, toSignatureStatement } from "./sign-package.ts";
import { requestPackageStamp, toTimeStampStatement } from "./stamp-package.ts";

/** What a package is written of, beside its originals, which stand in it already. */
export interface PackageContents {
  readonly rows: Sequence<PackagedRecording>;
  readonly tally: RowTally;
  /** Whether there are copies for listening. */
  readonly hasCopies: boolean;
  readonly request: PackageRequest;
  readonly removed: readonly RemovedRecording[];
  readonly ledger: PackageDescriptor["ledger"];
  readonly archiveId: string | null;
  /** A day in UTC. */
  readonly madeOn: string;
  readonly assets: ReviewAssets;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** What an authority said of a package's time, and what of that was checked. */
export interface PackageTimeStamp {
  readonly stampedAt: string;
  /** The authority's own name; unless the chain was verified, anybody can have put any name there. */
  readonly tsa: string;
  readonly chain: "verified" | "not-checked";
}

/** What was written, as whoever exports should know it. */
export interface WrittenPackage {
  /** What the receiver compares; it stands for all of the package. */
  readonly tagManifestSha256: string;
  readonly descriptor: PackageDescriptor;
  /** Undefined where no time stamp was asked for. */
  readonly timeStamp: PackageTimeStamp | undefined;
}

/**
 * Writes all of a package that is made of what is known of its originals: preservation metadata, load file, page, lists,
 * signature and time stamp.
 *
 * @throws {LoadFileValueError} the load file's encoding has not all characters.
 * @throws {TimestampFailedError | TimestampInvalidError} it was to be stamped, and could not be.
 */
export async function writePackage(folder: PackageFolder, contents: PackageContents): Promise<WrittenPackage> {
  const { request, rows } = contents;
  const descriptor = toDescriptor(contents);
  await folder.writeText(PREMIS_NAME, toPackagePremis(rows, toPremisFacts(contents)));
  if (descriptor.loadFile !== null && request.loadFile !== undefined) {
    const options = { profile: request.loadFile, custodian: request.organisation };
    await folder.write(descriptor.loadFile.file, toAsync(toLoadFile(rows, options)));
  }
  const { sha256: manifestSha256 } = await folder.listPayload();
  await writeTagFiles(folder, { descriptor, manifestSha256, ...contents });
  const tagManifest = await folder.finish(toBagInfo(descriptor));
  const timeStamp = await attest(folder, tagManifest, contents);
  return { tagManifestSha256: toSha256(tagManifest), descriptor, timeStamp };
}

function toDescriptor({ rows, tally, request, ledger, archiveId, madeOn }: PackageContents): PackageDescriptor {
  const { case: name, organisation, madeBy, signer, stamp, loadFile } = request;
  return {
    schema: DESCRIPTOR_SCHEMA,
    tool: { name: "holdfast", version: TOOL_VERSION },
    case: name,
    organisation: organisation ?? null,
    madeOn,
    madeBy,
    archiveId,
    counts: tally.counts,
    signature: signer === undefined ? null : toSignatureStatement(signer),
    timeStamp: stamp === undefined ? null : toTimeStampStatement(stamp.url),
    ledger,
    loadFile: loadFile === undefined ? null : toLoadFileStatement(name, loadFile, rows.length),
  };
}

function toPremisFacts({ tally, request, archiveId, madeOn }: PackageContents): PremisFacts {
  const { case: name, organisation, madeBy } = request;
  const identity = toSha256(Buffer.from(JSON.stringify([archiveId, name, madeOn, tally.toIdentity()])));
  return {
    ...{ case: name, madeOn, madeBy, organisation, toolVersion: TOOL_VERSION },
    identifier: `sha256:${identity}`,
    archiveId: archiveId ?? undefined,
  };
}

function toSha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function toLoadFileStatement(name: string, profile: LoadFileProfile, rows: number) {
  return { file: `${LOAD_FILE_FOLDER}/${toPackageName(name)}.${toLoadFileExtension(profile)}`, profile, rows };
}

interface TagFileContents extends PackageContents {
  readonly descriptor: PackageDescriptor;
  readonly manifestSha256: string;
}

async function writeTagFiles(folder: PackageFolder, contents: TagFileContents): Promise<void> {
  const { rows, hasCopies, request, removed, descriptor, manifestSha256, assets } = contents;
  const facts = { ...descriptor, manifestSha256 };
  await folder.writeText(DESCRIPTOR_NAME, [`${JSON.stringify(descriptor, null, 2)}\n`]);
  await folder.writeText(README_NAME, [toReadmeText(descriptor, { hasCopies })]);
  await folder.writeText(REVIEW_PAGE_NAME, toReviewPage(rows, { facts, removed, assets }));
  if (request.signer !== undefined) await folder.writeText(ALLOWED_SIGNERS_NAME, [toAllowedSigners(request.signer)]);
}

/** @see RFC 8493 section 2.2.2 */
function toBagInfo({ case: name, organisation, madeOn, tool }: PackageDescriptor): readonly BagInfoElement[] {
  return [
    ...(organisation === null ? [] : [{ label: "Source-Organization", value: organisation }]),
    { label: "External-Identifier", value: name },
    { label: "External-Description", value: `Call recordings for ${name}` },
    { label: "Bagging-Date", value: madeOn },
    { label: "Bag-Software-Agent", value: `Holdfast ${tool.version}` },
  ];
}

/** Signs the package and has it stamped, as it was asked for. */
async function attest(
  folder: PackageFolder,
  tagManifest: Uint8Array,
  { request: { signer, stamp }, clock, signal }: PackageContents,
): Promise<WrittenPackage["timeStamp"]> {
  if (signer !== undefined) await folder.append(SIGNATURE_NAME, signTagManifest(tagManifest, signer));
  if (stamp === undefined) return undefined;
  const token = await requestPackageStamp(stamp.url, tagManifest, { ...stamp, clock, signal });
  await folder.append(TIME_STAMP_NAME, token.response);
  return { stampedAt: toIsoInstant(token.timeMs), tsa: token.tsa, chain: token.chain };
}

async function* toAsync(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces;
}
