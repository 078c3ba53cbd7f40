import type { Waveform } from "../core/packaged-recording.ts";
import { LoudnessRow } from "./loudness-row.ts";
import { MpegFrames } from "./mpeg-frames.ts";
import { GranuleReader } from "./mpeg-granule.ts";
import type { MpegFormat } from "./mpeg-header.ts";
import { toWaveform } from "./to-waveform.ts";

/** Two channels are nearly one when their difference is at most a quarter of their sum. */
const NEARLY_ONE = 1 / 4;

/** What is quieter than -48 dB is nobody's voice, so that it does not matter whose it is. */
const AUDIBLE = 2 ** -8;

/** In how many of the audible granules it may be unknown who speaks, before the channels are told as one. */
const RARE = 0.01;

/**
 * Takes how loud an MP3 is from what its encoder wrote of each granule; nothing is decoded.
 *
 * Where an encoder wrote sum and difference of two channels instead of them, and both are loud, only one party may be
 * speaking, and it cannot be told which. If that is rare, both channels are taken to be as they were before; otherwise the
 * recording is told as one row.
 *
 * @see docs/waveform.md for how well it fits the samples
 */
export class Mp3Loudness {
  readonly #frames = new MpegFrames({
    begin: (format) => this.#begin(format),
    take: (view, from, to) => this.#takeFrame(view, from, to),
  });
  #reader: GranuleReader | undefined;
  /** Left and right, of a stream that has them. */
  #pair: readonly LoudnessRow[] = [];
  readonly #louder = new LoudnessRow();
  /** The amplitudes of the last granule of which they were known. */
  #lastLeft = 0;
  #lastRight = 0;
  #isFirst = true;
  #audible = 0;
  #unknown = 0;

  push(chunk: Uint8Array): void {
    this.#frames.push(chunk);
  }

  /** Undefined when there was next to nothing of Layer III. */
  end(): Waveform | undefined {
    this.#frames.end();
    const isApart = this.#pair.length > 0 && this.#unknown <= this.#audible * RARE;
    return toWaveform(isApart ? this.#pair : [this.#louder], "coded-gain");
  }

  #begin(format: MpegFormat): void {
    if (format.layer !== 3) return;
    this.#reader = new GranuleReader(format);
    if (format.channels === 2) this.#pair = [new LoudnessRow(), new LoudnessRow()];
  }

  #takeFrame(view: DataView, from: number, to: number): void {
    const reader = this.#reader;
    if (reader === undefined) return;
    const header = view.getUint32(from);
    const { granules, format } = reader;
    const sideInfoAt = reader.findSideInfo(view, from, to);
    for (let granule = 0; granule < granules; granule += 1) {
      if (sideInfoAt === undefined || toChannels(header) !== format.channels)
        this.#repeat(Math.max(this.#lastLeft, this.#lastRight));
      else if (format.channels === 1) this.#add(reader.estimate(view, sideInfoAt, granule), 0);
      else {
        const first = reader.estimate(view, sideInfoAt, 2 * granule);
        const second = reader.estimate(view, sideInfoAt, 2 * granule + 1);
        if (isJoint(header)) this.#addJoint(first, second, header);
        else this.#add(first, second);
      }
    }
  }

  /** Adds what is coded as sum and difference, or with one spectrum for the upper bands of both. */
  #addJoint(sum: number, difference: number, header: number): void {
    const most = (sum + difference) * Math.SQRT1_2;
    const isTold = most < AUDIBLE || (!isIntensity(header) && difference <= sum * NEARLY_ONE);
    if (isTold) this.#add(most, most);
    else {
      this.#unknown += 1;
      this.#repeat(most);
    }
  }

  #add(left: number, right: number): void {
    this.#lastLeft = left;
    this.#lastRight = right;
    this.#repeat(Math.max(left, right));
  }

  /** What a player gives lags behind by one granule: it begins 1105 samples late, behind the delays of encoder and decoder. */
  #repeat(louder: number): void {
    if (this.#isFirst) {
      this.#isFirst = false;
      return;
    }
    this.#pair[0]?.add(this.#lastLeft);
    this.#pair[1]?.add(this.#lastRight);
    this.#louder.add(louder);
    if (louder >= AUDIBLE) this.#audible += 1;
  }
}

/* The mode of a frame and its extension: ISO/IEC 11172-3 clause 2.4.2.3. */

function toChannels(header: number): 1 | 2 {
  return ((header >>> 6) & 3) === 3 ? 1 : 2;
}

/** Both channels as they are is a joint stereo too, whose extension has no bit set. */
function isJoint(header: number): boolean {
  return ((header >>> 6) & 3) === 1 && ((header >>> 4) & 3) !== 0;
}

function isIntensity(header: number): boolean {
  return ((header >>> 4) & 1) === 1;
}
