import type { Waveform } from "../core/packaged-recording.ts";
import { ByteWindow } from "./byte-window.ts";
import { Mp3Loudness } from "./mp3-loudness.ts";
import { SNIFF_BYTES, sniff } from "./sniff.ts";
import { WavLoudness } from "./wav-loudness.ts";

/** What takes the loudness of one kind of file from its bytes. */
interface Loudness {
  push(chunk: Uint8Array): void;
  end(): Waveform | undefined;
}

/**
 * Takes the picture of a recording from its bytes, in one pass, in chunks of any size; nothing is decoded. WAV files of plain
 * samples have one, of which every few are looked at, and so have MP3 files, by what their encoder says of itself. One use.
 *
 * A picture has 240 stretches of equal time, whatever length a header states, and each is the mean amplitude of its moments,
 * from 0 to 255 for the square root of it. It is there to find one's way, and nothing is proved by it.
 *
 * Never throws for what the bytes are. Memory is bounded; chunks may be reused after `push`.
 */
export class WaveformTaker {
  readonly #head = new ByteWindow();
  #loudness: Loudness | "none" | undefined;

  push(chunk: Uint8Array): void {
    if (this.#loudness === undefined) this.#head.feed(chunk, () => this.#head.length >= SNIFF_BYTES && this.#open());
    else if (this.#loudness !== "none") this.#loudness.push(chunk);
  }

  /** Undefined when nothing can be told without decoding; called once. */
  end(): Waveform | undefined {
    if (this.#loudness === undefined) this.#open();
    return this.#loudness === "none" ? undefined : this.#loudness?.end();
  }

  /** The first bytes decide. */
  #open(): void {
    const { bytes, start, end } = this.#head;
    const head = bytes.subarray(start, end);
    this.#loudness = openLoudness(head);
    if (this.#loudness !== "none") this.#loudness.push(head);
    this.#head.consume(head.length);
  }
}

/** Junk may stand before the first MPEG frame for longer than the head, so unknown bytes are looked through too. */
function openLoudness(head: Uint8Array): Loudness | "none" {
  switch (sniff(head).kind) {
    case "wav":
      return new WavLoudness();
    case "mp3":
    case "binary":
      return new Mp3Loudness();
    default:
      return "none";
  }
}
