import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { toIsoInstant } from "../../src/core/clock.ts";
import type { LedgerEntry } from "../../src/core/ledger-event.ts";
import type { PackagedFile, PackagedRecording, Waveform } from "../../src/core/packaged-recording.ts";
import { parseRecordingId } from "../../src/core/recording-id.ts";
import type { PackageDescriptor } from "../../src/packaging/schema.ts";
import { makeWav } from "./make-wav.ts";

/** Texts that mean something to a page, a table, a load file, a path or a terminal. */
export const NASTY_TEXTS = [
  "<script>globalThis.wasHere = true</script>",
  "</script><script>globalThis.wasHere = true</script>",
  "<!--<script>",
  "<img src=x onerror='globalThis.wasHere=true'>",
  `"quoted" and 'single' & &amp; \\u003c`,
  "=cmd|' /C calc'!A0",
  "@SUM(1+1)*cmd",
  "../../../etc/passwd",
  "two\nlines\r\nand a\ttab",
  "right \u202eto left",
  "zero\u200bwidth and line\u2028separator",
  "þDATþ\u0014®",
  "Müller, Jörg (Ärzte)",
  "half \ud800 surrogate",
  "__proto__",
  "javascript:alert(1)",
] as const;

const FIRST_CALL_MS = Date.parse("2026-01-05T08:00:00.000Z");
const GAP_MS = 17 * 60_000;
const RATE_HZ = 8000;
const WAVEFORM_POINTS = 240;
/** So many voices there are; all samples share them, so that ten thousand cost no more than these. */
const VOICES = 4;

const voices = Array.from({ length: VOICES }, (_, index) => speak(index + 1));

/** The bytes of a sample's original: a WAV of two parties who take turns, of 1 to 4 seconds. */
export function sampleAudio(index: number): Buffer {
  return toVoice(index).bytes;
}

/**
 * Makes recordings as a package has them, the first ones with every nasty text in every place that takes one. Two of three
 * are legs of one call, every seventh is a plain file that no archive knows, and every third of these is no recording.
 * Their originals are {@link sampleAudio}.
 */
export function* sampleRecordings(count: number): Generator<PackagedRecording> {
  for (let index = 0; index < count; index += 1) yield sampleRecording(index);
}

/** Writes the files that the samples speak of: originals, listening copies and records, and nothing else. */
export async function writeSampleFiles(root: string, recordings: Iterable<PackagedRecording>): Promise<void> {
  let index = 0;
  for (const { original, listeningCopy, record } of recordings) {
    await writeInto(root, original, sampleAudio(index));
    if (listeningCopy !== undefined) await writeInto(root, listeningCopy, sampleAudio(index));
    if (record !== undefined) await writeInto(root, record, sampleRecord(index));
    index += 1;
  }
}

/** What a package of so many samples says of itself, neither signed nor stamped. */
export function sampleDescriptor(count: number): PackageDescriptor {
  return {
    schema: "holdfast.export/1",
    tool: { name: "holdfast", version: "0.1.0" },
    case: "2026-114 Müller ./. Example <b>GmbH</b>",
    organisation: "Example & Sons GmbH",
    madeOn: "2026-03-01",
    madeBy: "ada",
    archiveId: "0d9f4c7e-5a53-4bb1-9b0c-8d4c1f1f4b61",
    counts: { recordings: count, originals: count, originalBytes: count * 40_044, durationSeconds: count * 2.5 },
    signature: null,
    timeStamp: null,
    ledger: {
      custody: "data/custody.jsonl",
      checkpoint: "data/custody-checkpoint.txt",
      verifierKey: "holdfast/ledger/0d9f4c7e+00000000+AAAA",
      size: count * 3,
      events: count * 3,
    },
    loadFile: null,
  };
}

/** Makes one of {@link sampleRecordings}. */
export function sampleRecording(index: number): PackagedRecording {
  const nasty = NASTY_TEXTS[index];
  const control = toControlNumber(index);
  const original = toFile(`data/originals/${toFileName(index)}.wav`, sampleAudio(index));
  const startedAtMs = FIRST_CALL_MS + index * GAP_MS;
  const seconds = toVoice(index).seconds;
  const shared = {
    controlNumber: control,
    family: toFamily(index),
    sourceName: nasty ?? `recordings/2026/01/rec_${index}.wav`,
    original,
    audio: {
      format: "wav" as const,
      codec: "pcm_s16le",
      sampleRateHz: RATE_HZ,
      channels: 2,
      durationSeconds: seconds,
      complete: index % 11 !== 5,
      packetSha256: toSha256(`packets ${index % VOICES}`),
      defects: index % 11 === 5 ? [`the last 0.4 s are missing ${nasty ?? ""}`.trim()] : [],
    },
    waveform: index % 13 === 12 ? undefined : toVoice(index).waveform,
  };
  const silent = index % 21 === 20 ? { audio: undefined, waveform: undefined } : {};
  if (isPlain(index)) return { ...shared, ...NOTHING_KNOWN, ...silent };
  const id = nasty === undefined || /\p{Cc}/u.test(nasty) ? `rec_${index}` : `rec_${index} ${nasty}`;
  return {
    ...shared,
    recordingId: parseRecordingId(id),
    callId: `call_${Math.floor(index / 3)}${nasty === undefined ? "" : ` ${nasty}`}`,
    call: {
      from: nasty ?? `+4930${String(1_000_000 + ((index * 7919) % 900_000))}`,
      to: index % 5 === 4 ? undefined : `+4989${String(2_000_000 + ((index * 104_729) % 900_000))}`,
      direction: index % 4 === 0 ? "outbound" : "inbound",
    },
    startedAt: toIsoInstant(startedAtMs),
    endedAt: index % 9 === 8 ? undefined : toIsoInstant(startedAtMs + seconds * 1000),
    fetchedAt: toIsoInstant(startedAtMs + 3_600_000),
    evidence: toEvidence(index, original.sha256, nasty),
    notice: toNotice(index, nasty),
    listeningCopy: index % 10 === 1 ? toListeningCopy(index) : undefined,
    record: toFile(`data/records/${encodeURIComponent(`rec_${index}`)}.json`, sampleRecord(index)),
    custody: toCustody({ index, id, startedAtMs, nasty }),
  };
}

const NOTHING_KNOWN = {
  recordingId: undefined,
  callId: undefined,
  call: undefined,
  startedAt: undefined,
  endedAt: undefined,
  fetchedAt: undefined,
  evidence: undefined,
  notice: undefined,
  listeningCopy: undefined,
  record: undefined,
  custody: [],
} as const;

function toControlNumber(index: number): string {
  return `EX${String(index + 1).padStart(6, "0")}`;
}

/** Some have in their names what an address would read as something else. */
function toFileName(index: number): string {
  return index % 6 === 3 ? `${toControlNumber(index)} 100%2F #1?` : toControlNumber(index);
}

function toFamily(index: number): PackagedRecording["family"] {
  const first = index - (index % 3);
  const legs = [first, first + 1].filter((leg) => !isPlain(leg));
  const [from = index, to = from] = legs.includes(index) ? legs : [index];
  return { first: toControlNumber(from), last: toControlNumber(to) };
}

function isPlain(index: number): boolean {
  return index % 7 === 6;
}

function toEvidence(index: number, sha256: string, nasty: string | undefined): PackagedRecording["evidence"] {
  const grades = ["vendor-digest", "http-digest", "two-reads", "size-only", "none"] as const;
  const grade = grades[index % grades.length] ?? "none";
  const detail = {
    ...(grade === "vendor-digest" ? { vendorSha256: sha256, webhookSignature: "verified" } : {}),
    ...(grade === "http-digest" ? { httpSha256: sha256 } : {}),
    ...(grade === "two-reads" ? { reads: 2 } : {}),
    ...(grade === "none" ? {} : { vendorSizeBytes: toVoice(index).bytes.length }),
    ...(nasty === undefined ? {} : { note: nasty }),
  };
  return { grade, detail };
}

function toNotice(index: number, nasty: string | undefined): PackagedRecording["notice"] {
  if (index % 3 !== 0) return undefined;
  return {
    announcement: "played",
    announcementText: nasty ?? "This call is recorded.",
    consent: "not-asked",
    ground: "MiFID II art. 16(7)",
    policy: nasty,
    statedBy: "rule",
    rule: "trading desk",
    statedAt: "2026-01-04T00:00:00.000Z",
  };
}

function toListeningCopy(index: number): PackagedRecording["listeningCopy"] {
  const file = toFile(`data/listening/${toFileName(index)}.wav`, sampleAudio(index));
  return { ...file, profile: "mp3-64k-16000", madeBy: "holdfast 0.1.0, ffmpeg 5.1" };
}

interface CustodyOf {
  readonly index: number;
  readonly id: string;
  readonly startedAtMs: number;
  readonly nasty: string | undefined;
}

function toCustody({ index, id, startedAtMs, nasty }: CustodyOf): readonly LedgerEntry[] {
  const by = { actor: nasty ?? "ada", run: "0000-run" };
  const at = (hours: number) => toIsoInstant(startedAtMs + hours * 3_600_000);
  const fetched = { callId: "call", source: "documented", evidence: "size-only", format: "wav", sizeBytes: 1 };
  const removal = { criteria: { recordingIds: [id] }, reason: nasty ?? "letter of the court" };
  return [
    { seq: index * 3, at: at(1), ...by, type: "fetched", subject: id, detail: fetched },
    { seq: index * 3 + 1, at: at(30), ...by, type: "held", subject: nasty ?? "2026-114", detail: removal },
    { seq: index * 3 + 2, at: at(48), ...by, type: "noticed", subject: id, detail: { note: nasty ?? "" } },
  ];
}

function sampleRecord(index: number): Buffer {
  return Buffer.from(`${JSON.stringify({ schema: "holdfast.sidecar/1", recordingId: `rec_${index}` })}\n`);
}

function toFile(path: string, bytes: Buffer): PackagedFile {
  const [sha256, sha512] = [toSha256(bytes), createHash("sha512").update(bytes).digest("hex")];
  return { path, sizeBytes: bytes.length, sha256, sha512, md5: undefined };
}

function toSha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function writeInto(root: string, { path }: PackagedFile, bytes: Buffer): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), bytes);
}

interface Voice {
  readonly bytes: Buffer;
  readonly seconds: number;
  readonly waveform: Waveform;
}

function toVoice(index: number): Voice {
  const voice = voices[index % VOICES];
  if (voice === undefined) throw new Error("internal error: no such voice");
  return voice;
}

/** Two parties who speak by turns, each louder and softer. */
function speak(seconds: number): Voice {
  const samples = seconds * RATE_HZ;
  const channels = [0, 1].map((party) => Int16Array.from({ length: samples }, (_, at) => toSample(at, party)));
  const waveform = { channels: channels.map(toLoudness), basis: seconds % 2 === 0 ? "coded-gain" : "samples" } as const;
  return { bytes: makeWav(channels, RATE_HZ), seconds, waveform };
}

function toSample(at: number, party: number): number {
  const isSpeaking = Math.floor(at / RATE_HZ / 0.7) % 2 === party;
  const syllable = Math.abs(Math.sin((Math.PI * at) / (RATE_HZ * (0.13 + party * 0.04))));
  return isSpeaking ? Math.round(9000 * syllable * Math.sin((2 * Math.PI * at) / (40 + party * 20))) : 0;
}

function toLoudness(samples: Int16Array): string {
  const points = Uint8Array.from({ length: WAVEFORM_POINTS }, (_, point) => {
    const [start, end] = [point, point + 1].map((edge) => Math.floor((edge * samples.length) / WAVEFORM_POINTS));
    const peak = samples.subarray(start, end).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    return Math.round(255 * Math.sqrt(peak / 32_768));
  });
  return Buffer.from(points).toString("base64");
}
