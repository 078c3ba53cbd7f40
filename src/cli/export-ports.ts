import type { Archive } from "../archive/archive.ts";
import type { AudioFormat } from "../core/audio-format.ts";
import type { Finding } from "../core/finding.ts";
import type { Copier } from "../export/copy/copier.ts";
import { takeDecodedWaveforms } from "../export/decoded-waveforms.ts";
import type { ExportPorts, PackageVerdict } from "../export/export-run.ts";
import type { DecodeWaveforms } from "../export/listening-copies.ts";
import type { PackageRequest } from "../export/package-request.ts";
import { toAllowedSigners } from "../export/sign-package.ts";
import { locateConfinement } from "../ffmpeg/locate-confinement.ts";
import { openBagHolding } from "../fixity/holdings/bag-holding.ts";
import { toPackageHolding } from "../fixity/holdings/package-holding.ts";
import type { PackageTrust } from "../fixity/holdings/package-trust.ts";
import { ThreadedLooker } from "../fixity/look/threaded-looker.ts";
import { runVerify, type VerifyResult } from "../fixity/verify-run.ts";
import { Spool } from "../io/spool.ts";
import { loadReviewAssets } from "../review/load-review-assets.ts";
import { parseAllowedSigners } from "../signing/allowed-signers.ts";
import { DEMUXERS_BY_FORMAT } from "../transcode/convertible-source.ts";
import { chooseFfmpeg } from "./choose-ffmpeg.ts";
import type { CommandContext } from "./command.ts";
import { loadCustodian } from "./load-custodian.ts";
import { openListening } from "./open-listening.ts";
import { startProgress } from "./progress.ts";

/** Results of the verification that stay in memory; nobody reads them. */
const HELD_RESULTS = 1000;

/** What the ports of an export are made of. */
export interface ExportParts {
  readonly archive: Archive | undefined;
  readonly copier: Copier;
  readonly request: PackageRequest;
  readonly listeningFormat: AudioFormat | undefined;
}

/** Puts together what an export needs. ffmpeg is looked for when it is needed. */
export async function openExportPorts(
  { archive, copier, request, listeningFormat }: ExportParts,
  context: CommandContext,
): Promise<ExportPorts> {
  const media = () => openMedia(context);
  const listening = listeningFormat && openListening(listeningFormat, { ...(await media()), ...context });
  const trust = await toTrust(request, archive, context);
  return {
    ...{ archive, copier, listening },
    decodeWaveforms: toDecodeWaveforms(media, context),
    assets: await loadReviewAssets(),
    verify: (path) => verifyPackage(path, trust, context),
  };
}

async function openMedia({ config, environment }: Pick<CommandContext, "config" | "environment">) {
  const { ffmpeg } = await chooseFfmpeg({ config, environment });
  const confinement = await locateConfinement({ searchPath: environment["PATH"] ?? "", sandbox: false });
  return { ffmpeg, confinement };
}

function toDecodeWaveforms(media: () => ReturnType<typeof openMedia>, { cores }: CommandContext): DecodeWaveforms {
  let opened: ReturnType<typeof openMedia> | undefined;
  return async (files, signal) => {
    opened ??= media();
    const decodable = files.map(({ path, audio }) => ({ path, demuxer: DEMUXERS_BY_FORMAT[audio.format], ...audio }));
    return takeDecodedWaveforms(decodable, { ...(await opened), concurrency: cores, signal });
  };
}

/** What was signed and stamped just now must be by the very keys that were meant. */
async function toTrust(
  { signer, stamp }: PackageRequest,
  archive: Archive | undefined,
  context: CommandContext,
): Promise<PackageTrust> {
  const allowed = signer && parseAllowedSigners(toAllowedSigners(signer));
  return {
    signers: allowed && { path: "--sign", signers: allowed.signers, remarks: [] },
    certificates: stamp?.trusted,
    ledgerKey: archive && (await loadCustodian(context)).key.publicKey,
    nowMs: context.clock.now(),
  };
}

async function verifyPackage(
  path: string,
  trust: PackageTrust,
  { clock, signal, cores, config, output }: CommandContext,
): Promise<PackageVerdict> {
  const looker = new ThreadedLooker({ readers: config.settings.concurrency ?? cores, maxBytesPerSecond: undefined });
  const progress = startProgress(output, "read again", clock);
  const store = { results: new Spool<VerifyResult>({ heldItems: HELD_RESULTS }), findings: [] as Finding[] };
  try {
    const holding = await openBagHolding(path, (bag, files) => toPackageHolding(bag, files, trust));
    const options = { level: "digest", looker, store, clock, signal, onEvent: progress.onEvent } as const;
    const report = await runVerify(holding, options);
    signal.throwIfAborted();
    return { findings: store.findings, failures: report.failures };
  } finally {
    progress.stop();
    store.results.close();
    await looker.close();
  }
}
