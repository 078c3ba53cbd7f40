import { DefectLog } from "./defect-log.ts";
import type { OggPage } from "./ogg-page.ts";
import { type OggDamage, OggReader } from "./ogg-reader.ts";
import { tryParseOpusHead } from "./opus-head.ts";
import { OpusLink } from "./opus-link.ts";
import { OpusTotals } from "./opus-totals.ts";
import { OPUS_RATE_HZ, toOpusStructure } from "./opus-verdict.ts";
import type { Structure } from "./structure.ts";
import type { AudioSink, Walker } from "./walker.ts";
import { inBytes, inSeconds } from "./wording.ts";

/**
 * Follows the pages of an Ogg Opus file: every checksum, sequence number, packet and granule position, over
 * all the links of a chained file. Other streams that are interleaved are skipped.
 *
 * @see RFC 3533, RFC 7845
 */
export class OpusWalker implements Walker {
  readonly #sink: AudioSink;
  readonly #reader = new OggReader((page, damage) => this.#takePage(page, damage));
  readonly #defects = new DefectLog();
  readonly #totals = new OpusTotals();
  #link: OpusLink | undefined;
  /** Damage that no page of the stream has followed yet. */
  #damage: OggDamage | undefined;
  #hasOtherStreams = false;
  /** How far the timestamps jump where no page is missing. */
  #jumpedSamples = 0;

  constructor(sink: AudioSink) {
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    this.#reader.push(chunk);
  }

  end(): Structure {
    const tail = this.#reader.end();
    const isEnded = this.#link?.isEnded === true;
    const atSeconds = this.#nowSeconds();
    if (this.#damage !== undefined) this.#addDamage(this.#damage, undefined);
    if (this.#link !== undefined) this.#totals.add(this.#link);
    return toOpusStructure({
      totals: this.#totals,
      defects: this.#defects,
      tail: { damage: tail, isEnded, atSeconds, sizeBytes: this.#reader.sizeBytes },
      hasOtherStreams: this.#hasOtherStreams,
      jumpedSamples: this.#jumpedSamples,
    });
  }

  #takePage(page: OggPage, damage: OggDamage | undefined): void {
    this.#damage ??= damage;
    if (page.isFirst) this.#openLink(page);
    // The header page itself was damaged: what follows is still the stream.
    else if (this.#link === undefined) this.#link = new OpusLink(page, undefined, this.#sink);
    if (page.isFirst) return;
    if (page.serial !== this.#link?.serial) this.#hasOtherStreams = true;
    else this.#takeAudio(this.#link, page);
  }

  #openLink(page: OggPage): void {
    const head = tryParseOpusHead(page.body);
    const isChained = this.#link === undefined || this.#link.hasAudio;
    if (head === undefined || !isChained) {
      this.#hasOtherStreams = true;
      return;
    }
    if (this.#link !== undefined) this.#closeLink(this.#link, page);
    this.#link = new OpusLink(page, head, this.#sink);
  }

  #closeLink(link: OpusLink, { byteOffset }: OggPage): void {
    if (!link.isEnded) {
      const message = "One of the recordings that are joined in this file has no end: it was cut short.";
      this.#defects.add({ kind: "truncated", message, byteOffset, atSeconds: this.#nowSeconds() });
    }
    this.#totals.add(link);
  }

  #takeAudio(link: OpusLink, page: OggPage): void {
    const damage = this.#damage;
    this.#damage = undefined;
    const atSeconds = this.#nowSeconds();
    const continuation = link.take(page, damage !== undefined);
    const lostSeconds = Math.max(0, continuation.gapSamples) / OPUS_RATE_HZ;
    if (damage !== undefined) this.#addDamage(damage, { atSeconds, lostSeconds });
    else if (continuation.missingPages !== 0) {
      this.#addDiscontinuity(page, { atSeconds, lostSeconds, missingPages: continuation.missingPages });
    } else this.#jumpedSamples += Math.abs(continuation.gapSamples);
  }

  #nowSeconds(): number {
    return (this.#totals.samples + (this.#link?.samples ?? 0)) / OPUS_RATE_HZ;
  }

  #addDamage(
    { byteOffset, sizeBytes }: OggDamage,
    at: { readonly atSeconds: number; readonly lostSeconds: number } | undefined,
  ): void {
    const lost = at === undefined || at.lostSeconds === 0 ? "" : `; ${inSeconds(at.lostSeconds)} of audio were lost`;
    const where = inSeconds(at?.atSeconds ?? this.#nowSeconds());
    const message = `The recording is damaged at ${where}: ${inBytes(sizeBytes)} could not be read${lost}.`;
    this.#defects.add({ kind: "corrupt-frames", message, byteOffset, found: sizeBytes, ...at });
  }

  #addDiscontinuity(
    { byteOffset }: OggPage,
    { missingPages, ...at }: { missingPages: number; atSeconds: number; lostSeconds: number },
  ): void {
    const message =
      missingPages > 0
        ? `A piece of the recording is missing at ${inSeconds(at.atSeconds)}: ${inSeconds(at.lostSeconds)} of audio.`
        : `A piece of the recording is there twice at ${inSeconds(at.atSeconds)}.`;
    this.#defects.add({ kind: "corrupt-frames", message, byteOffset, ...at });
  }
}
