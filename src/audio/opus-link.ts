import type { OggPage } from "./ogg-page.ts";
import type { OpusHead } from "./opus-head.ts";
import { opusPacketSamples } from "./opus-packet.ts";
import type { AudioSink } from "./walker.ts";

/** How a page continues the one before it. */
interface Continuation {
  /** Pages that are missing before it; negative when pages are repeated. */
  readonly missingPages: number;
  /** Samples at 48 kHz that the timestamps run ahead of the packets; negative when they run behind. */
  readonly gapSamples: number;
}

const TAGS_MAGIC = "OpusTags";

/**
 * One logical Opus stream: its packets, counted and handed over, and its clock.
 *
 * Counts are in samples at 48 kHz, the clock of every granule position (RFC 7845 section 4).
 */
export class OpusLink {
  readonly head: OpusHead | undefined;
  readonly serial: number;
  packets = 0;
  packetBytes = 0;
  /** Packets that no decoder takes: empty, or longer than 120 ms. */
  unplayablePackets = 0;
  isEnded = false;
  /** Where the clock stands at the first sample; above zero when it was cut out of a running stream. */
  startGranule = 0;
  readonly #sink: AudioSink;
  #samples = 0;
  #trimmedSamples = 0;
  #granule: number | undefined;
  /** Samples of packets that ended on pages since the clock was set. */
  #unclockedSamples = 0;
  #nextSequence: number | undefined;
  #inTags = true;
  /** Duration of the packet that goes on behind the last page; undefined when none does. */
  #openSamples: number | undefined;

  constructor(page: OggPage, head: OpusHead | undefined, sink: AudioSink) {
    this.serial = page.serial;
    this.head = head;
    this.#sink = sink;
    this.#nextSequence = head === undefined ? undefined : page.sequence + 1;
  }

  /** Samples that a decoder has given up to here, pre-skip included. */
  get position(): number {
    return this.#samples;
  }

  /** Samples that a decoder gives: without pre-skip, and without what the last granule position cuts off. */
  get samples(): number {
    return Math.max(0, this.#samples - this.#trimmedSamples - (this.head?.preSkip ?? 0));
  }

  /** Samples between the clock's first and last position; undefined before the end is known. */
  get declaredSamples(): number | undefined {
    if (!this.isEnded || this.#granule === undefined) return undefined;
    return Math.max(0, this.#granule - this.startGranule - (this.head?.preSkip ?? 0));
  }

  get hasAudio(): boolean {
    return this.packets > 0;
  }

  /** Takes the next page of this stream, whatever is missing before it. */
  take(page: OggPage, isAfterDamage: boolean): Continuation {
    const missingPages = this.#nextSequence === undefined ? 0 : (page.sequence - this.#nextSequence) | 0;
    this.#nextSequence = page.sequence + 1;
    if (isAfterDamage || missingPages !== 0 || !page.isContinued) this.#openSamples = undefined;
    const samples = this.#takePackets(page);
    this.isEnded ||= page.isLast;
    return { missingPages, gapSamples: this.#takeGranule(page, samples) };
  }

  /** Returns the samples of the packets that end on this page. */
  #takePackets(page: OggPage): number {
    const { lacing, body } = page;
    const first = this.#findAudio(page);
    let ended = 0;
    let open = this.#openSamples;
    let packetAt = first.position;
    let position = first.position;
    for (let segment = first.segment; segment < lacing.length; segment += 1) {
      const lace = lacing[segment] ?? 0;
      position += lace;
      if (lace === 255) continue;
      ended += this.#countPacket(open ?? opusPacketSamples(body, packetAt, position - packetAt));
      open = undefined;
      packetAt = position;
    }
    if (position > packetAt) open ??= opusPacketSamples(body, packetAt, position - packetAt);
    this.#openSamples = open;
    this.#handOver(body.subarray(first.position));
    return ended;
  }

  /** Finds the first segment of audio: behind the tags, or behind the rest of a packet whose begin is lost. */
  #findAudio(page: OggPage): { readonly segment: number; readonly position: number } {
    const isTags = this.#inTags && (page.isContinued || startsWithTags(page.body));
    const isRest = page.isContinued && this.#openSamples === undefined;
    if (!isTags && !isRest) {
      this.#inTags = false;
      return { segment: 0, position: 0 };
    }
    const last = page.lacing.findIndex((lace) => lace < 255);
    if (last === -1) return { segment: page.lacing.length, position: page.body.length };
    this.#inTags = false;
    return { segment: last + 1, position: last * 255 + (page.lacing[last] ?? 0) };
  }

  #countPacket(samples: number): number {
    this.packets += 1;
    this.#samples += samples;
    if (samples === 0) this.unplayablePackets += 1;
    return samples;
  }

  /** The audio of a page stands in one piece: one large run instead of many small packets. */
  #handOver(run: Buffer): void {
    if (run.length === 0) return;
    this.packetBytes += run.length;
    this.#sink(run);
  }

  /** Sets the clock to the page's position; returns how far it had been from there. */
  #takeGranule(page: OggPage, ended: number): number {
    this.#unclockedSamples += ended;
    if (page.granule === undefined || !this.hasAudio) return 0;
    const isFirst = this.#granule === undefined;
    const expected = (this.#granule ?? 0) + this.#unclockedSamples;
    this.#granule = page.granule;
    this.#unclockedSamples = 0;
    const gap = page.granule - expected;
    if (page.isLast && gap < 0) this.#trimmedSamples = -gap;
    else if (isFirst) this.startGranule = Math.max(0, gap);
    return isFirst || (page.isLast && gap < 0) ? 0 : gap;
  }
}

function startsWithTags(body: Buffer): boolean {
  return body.toString("latin1", 0, TAGS_MAGIC.length) === TAGS_MAGIC;
}
