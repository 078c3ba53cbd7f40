/**
 * Holdfast as a library: fetch recordings into an archive, convert, verify, export.
 *
 * Every use case has two steps: `planX` decides without changing anything, `runX` does it and gives a report. Open
 * ports with {@link openArchive} and {@link openSource}, and close them. Errors are `HoldfastError`s with a stable
 * `code`; what is wrong with the recordings themselves are `Finding`s in the report.
 *
 * @packageDocumentation
 */
export type { Archive } from "./archive/archive.ts";
export type { Derivative, Evidence, EvidenceGrade, Sidecar } from "./archive/schema.ts";
export type { Pace } from "./async/pace.ts";
export { Identifier, type Identity, identify } from "./audio/identify.ts";
export { type Sniffed, sniff } from "./audio/sniff.ts";
export type { Defect, Structure } from "./audio/structure.ts";
export {
  type Custodian,
  type OpenArchiveOptions,
  openArchive,
  openSource,
  openTransfers,
  type TransfersOptions,
  type VendorSettings,
} from "./compose.ts";
export { AUDIO_FORMATS, type AudioFormat } from "./core/audio-format.ts";
export { type Clock, systemClock } from "./core/clock.ts";
export type { Sha256Hex } from "./core/digest.ts";
export { ERROR_CODES, type ErrorCode, HoldfastError, isHoldfastError } from "./core/errors.ts";
export { FINDING_KINDS, type Finding, type FindingKind } from "./core/finding.ts";
export type { Hold, HoldCriteria, HoldRelease } from "./core/hold.ts";
export { EVENT_TYPES, type EventType, type LedgerEntry, type LedgerEvent } from "./core/ledger-event.ts";
export { PROFILES, type Profile, type ProfileChoice, toProfile } from "./core/profile.ts";
export type { RecordingId } from "./core/recording-id.ts";
export type { Failure, Outcome, RunReport } from "./core/report.ts";
export type { RunEvent, RunOptions } from "./core/run-log.ts";
export { Secret } from "./core/secret.ts";
export type { VerifyLevel } from "./core/verification.ts";
export { type HoldPlan, type HoldRequest, type HoldResult, planHold, runHold } from "./custody/hold-add.ts";
export {
  planRelease,
  type ReleasePlan,
  type ReleasePolicy,
  type ReleaseRequest,
  type ReleaseResult,
  runRelease,
} from "./custody/hold-release.ts";
export { planRetain, type RetainPlan, type RetainRequest } from "./custody/retain-plan.ts";
export { type RetainResult, runRetain } from "./custody/retain-run.ts";
export type { RetentionRule } from "./custody/retention-rules.ts";
export type { Copied, Copier, CopyRequest } from "./export/copy/copier.ts";
export { ThreadedCopier } from "./export/copy/threaded-copier.ts";
export { type ExportPlan, type ExportRequest, planExport } from "./export/export-plan.ts";
export type { ExportResult } from "./export/export-result.ts";
export {
  type ExportedPackage,
  type ExportOptions,
  type ExportPorts,
  type ExportReport,
  type PackageVerdict,
  runExport,
} from "./export/export-run.ts";
export type { DecodeWaveforms, Listening } from "./export/listening-copies.ts";
export type { PackageRequest } from "./export/package-request.ts";
export type { ExportSelection } from "./export/select-recordings.ts";
export type { Confinement } from "./ffmpeg/confinement.ts";
export type { Ffmpeg, FfmpegChoice } from "./ffmpeg/ffmpeg.ts";
export { type LocateFfmpegRequest, locateFfmpeg } from "./ffmpeg/locate.ts";
export { type LocateConfinementRequest, locateConfinement } from "./ffmpeg/locate-confinement.ts";
export type { Holding } from "./fixity/holding.ts";
export { openBagHolding } from "./fixity/holdings/bag-holding.ts";
export { openFilesHolding } from "./fixity/holdings/files-holding.ts";
export { type ListHoldingOptions, openListHolding } from "./fixity/holdings/list-holding.ts";
export { toPackageHolding } from "./fixity/holdings/package-holding.ts";
export type { PackageTrust } from "./fixity/holdings/package-trust.ts";
export { openSealHolding } from "./fixity/holdings/seal-holding.ts";
export type { Looker } from "./fixity/look/look.ts";
export { ThreadedLooker, type ThreadedLookerOptions } from "./fixity/look/threaded-looker.ts";
export { planSeal, type SealPlan } from "./fixity/seal-plan.ts";
export { runSeal, type SealReport } from "./fixity/seal-run.ts";
export { type ArchiveVerifyReport, type VerifyArchiveOptions, verifyArchive } from "./fixity/verify-archive.ts";
export { runVerify, type VerifyOptions, type VerifyReport, type VerifyResult } from "./fixity/verify-run.ts";
export type { DownloadLimits } from "./ingest/download-task.ts";
export { EventLog } from "./ingest/event-log.ts";
export { type FetchPlan, type FetchPorts, type FetchRequest, planFetch } from "./ingest/fetch-plan.ts";
export {
  type FetchOptions,
  type FetchResult,
  type PatienceOptions,
  runFetch,
  toPace,
  toVendorCall,
} from "./ingest/fetch-run.ts";
export { type WatchOptions, type WatchRequest, watchFetch } from "./ingest/fetch-watch.ts";
export { type EventFile, readEventFile } from "./ingest/read-events.ts";
export type { ReconcileResult } from "./ingest/reconcile.ts";
export type { ReconcilePorts } from "./ingest/reconcile-gather.ts";
export {
  type ReconcileOptions,
  type ReconcileReport,
  type ReconcileRequest,
  runReconcile,
} from "./ingest/reconcile-run.ts";
export type { TransferJob, Transferred, Transfers } from "./ingest/transfer/transfer.ts";
export { findInputs } from "./io/find-inputs.ts";
export { type AnchoredCheckpoint, loadAnchor } from "./ledger/anchor-file.ts";
export { type LedgerVerification, type VerifyLedgerOptions, verifyLedger } from "./ledger/verify-ledger.ts";
export { PACKAGE_FORMS, type PackageForm } from "./packaging/container.ts";
export { openReceiver, type Receiver, type ReceiverOptions } from "./receiver/receiver.ts";
export { loadReviewAssets, type ReviewAssets } from "./review/load-review-assets.ts";
export { loadOrMakeSigningKey, loadSigningKey } from "./signing/load-signing-key.ts";
export { parsePublicKey } from "./signing/parse-public-key.ts";
export type { PublicKey } from "./signing/public-key.ts";
export type { SigningKey } from "./signing/signing-key.ts";
export { type ArchivePlanRequest, planArchiveConversion } from "./transcode/archive-plan.ts";
export type { ConvertPlan } from "./transcode/convert-job.ts";
export type { ConvertResult } from "./transcode/convert-result.ts";
export { type ConvertOptions, runConvert } from "./transcode/convert-run.ts";
export { type FilePlanRequest, planFileConversion } from "./transcode/file-plan.ts";
export { planReproduction, type Reproduction } from "./transcode/reproduce-plan.ts";
export { type ReproduceOptions, type ReproduceResult, runReproduce } from "./transcode/reproduce-run.ts";
export type { RecordingSource, RemoteRecording } from "./vendor/recording-source.ts";
export { parseWebhookEvent, type WebhookEvent } from "./vendor/webhook-event.ts";
export { verifyWebhook } from "./vendor/webhook-signature.ts";
