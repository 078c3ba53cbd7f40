import type { DefectLog } from "./defect-log.ts";
import type { OggDamage } from "./ogg-reader.ts";
import type { OpusTotals } from "./opus-totals.ts";
import type { Defect, Structure } from "./structure.ts";
import { inBytes, inSeconds } from "./wording.ts";

/** The decoder's rate, at which every count and clock of Opus runs. RFC 7845 section 4. */
export const OPUS_RATE_HZ = 48000;

/** Everything that was seen of an Ogg Opus file. */
interface OpusFacts {
  readonly totals: OpusTotals;
  readonly defects: DefectLog;
  readonly tail: OpusTail;
  readonly hasOtherStreams: boolean;
  readonly jumpedSamples: number;
}

/** How the file ends. */
interface OpusTail {
  /** What follows the last good page. */
  readonly damage: OggDamage | undefined;
  /** Whether the last page was marked as the end of the stream. */
  readonly isEnded: boolean;
  readonly atSeconds: number;
  readonly sizeBytes: number;
}

/** Judges what was seen of an Ogg Opus file. */
export function toOpusStructure({ totals, defects: log, tail, hasOtherStreams, jumpedSamples }: OpusFacts): Structure {
  for (const defect of tailDefects(tail)) log.add(defect);
  if (totals.packets === 0) log.add({ kind: "no-audio", message: "The file holds no audio: no Opus packet is there." });
  const defects = log.list();
  const durationSeconds = totals.samples / OPUS_RATE_HZ;
  return {
    container: "ogg",
    codec: "opus",
    sampleRateHz: totals.head?.inputSampleRateHz || OPUS_RATE_HZ,
    channels: totals.head?.channels ?? 0,
    frames: totals.packets,
    samples: totals.samples,
    samplesRateHz: OPUS_RATE_HZ,
    samplesExact: true,
    durationSeconds,
    declaredDurationSeconds: totals.declaredSamples === undefined ? undefined : totals.declaredSamples / OPUS_RATE_HZ,
    packetBytes: totals.packetBytes,
    bitrateKbps: durationSeconds === 0 ? 0 : (totals.packetBytes * 8) / 1000 / durationSeconds,
    complete: defects.every(({ kind }) => kind === "trailing-data"),
    defects,
    remarks: toRemarks(totals, { tail, hasOtherStreams, jumpedSamples }),
    ...(totals.links > 1 ? { links: totals.links } : {}),
  };
}

/** The end-of-stream flag on the last page is what tells a whole file from one that was cut. */
function tailDefects({ damage, isEnded, atSeconds, sizeBytes }: OpusTail): readonly Defect[] {
  if (isEnded) {
    if (damage === undefined || damage.isZero) return [];
    const message = `The end of the recording is followed by ${inBytes(damage.sizeBytes)} that are not audio.`;
    return [{ kind: "trailing-data", message, byteOffset: damage.byteOffset, atSeconds, found: damage.sizeBytes }];
  }
  if (damage?.shape === "damaged") {
    const message = `The last ${inBytes(damage.sizeBytes)} of the recording are damaged and hold no audio.`;
    return [{ kind: "corrupt-frames", message, byteOffset: damage.byteOffset, atSeconds, found: damage.sizeBytes }];
  }
  const message = `The recording is cut short: it breaks off at ${inSeconds(atSeconds)} without the mark that ends it.`;
  return [{ kind: "truncated", message, byteOffset: damage?.byteOffset ?? sizeBytes, atSeconds }];
}

function toRemarks(
  totals: OpusTotals,
  { tail, hasOtherStreams, jumpedSamples }: Pick<OpusFacts, "tail" | "hasOtherStreams" | "jumpedSamples">,
): readonly string[] {
  const { head, links, startGranule, unplayablePackets } = totals;
  const remarks: readonly (string | false)[] = [
    links > 1 && `${links} recordings are joined in this file.`,
    totals.hasChangingChannels && "The number of channels changes within the file.",
    hasOtherStreams && "Streams other than the audio are interleaved; they were not looked at.",
    startGranule >= OPUS_RATE_HZ && `Its clock begins at ${inSeconds(startGranule / OPUS_RATE_HZ)}, not at zero.`,
    jumpedSamples > 0 && `The timestamps jump by ${inSeconds(jumpedSamples / OPUS_RATE_HZ)} with no page missing.`,
    unplayablePackets > 0 && `${unplayablePackets} packets are of a kind that no decoder plays.`,
    head !== undefined && head.version > 15 && `The Opus header is of an unknown version, ${head.version}.`,
    tail.isEnded &&
      tail.damage?.isZero === true &&
      `The end is followed by ${inBytes(tail.damage.sizeBytes)} of padding.`,
  ];
  return remarks.filter((remark) => remark !== false);
}
