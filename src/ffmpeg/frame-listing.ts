/** What one stream of a listing adds up to. */
interface StreamTotal {
  samples: number;
  sampleRateHz: number;
}

/** `#tb 0: 1/16000`: the ticks of a stream. */
const TIME_BASE = /^#tb (\d+): 1\/(\d+)$/;

/** `0, 65536, 65536, 30464, 60928, 0x4e0e30ce`: stream, decoding time, presentation time, duration, bytes, checksum. */
const FRAME = /^(\d+), *-?\d+, *-?\d+, *(\d+), *\d+, *0x/;

/** Longer than any line of a listing; what is no ffmpeg may print a line without end. */
const MAX_LINE_LENGTH = 256;

/**
 * Adds up what ffmpeg's framecrc muxer lists: for each stream its ticks, and for each frame how many of them it lasts. Never
 * throws; what is no line of such a listing counts nothing.
 *
 * @see https://ffmpeg.org/ffmpeg-formats.html#framecrc-1
 */
export class FrameListing {
  readonly #totals: StreamTotal[] = [];
  #rest = "";

  /** Takes the next piece of the listing, split anywhere. */
  push(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = (lines.pop() ?? "").slice(-MAX_LINE_LENGTH);
    for (const line of lines) this.#take(line);
  }

  /** Gives what has come of a stream, counted from 0. */
  stream(index: number): Readonly<StreamTotal> {
    return this.#totals[index] ?? { samples: 0, sampleRateHz: 0 };
  }

  #take(line: string): void {
    const [, stream, duration] = FRAME.exec(line) ?? [];
    if (stream !== undefined) {
      this.#open(Number(stream)).samples += Number(duration);
      return;
    }
    const [, timed, ticks] = TIME_BASE.exec(line) ?? [];
    if (timed !== undefined) this.#open(Number(timed)).sampleRateHz = Number(ticks);
  }

  #open(index: number): StreamTotal {
    const total = this.#totals[index] ?? { samples: 0, sampleRateHz: 0 };
    this.#totals[index] = total;
    return total;
  }
}
