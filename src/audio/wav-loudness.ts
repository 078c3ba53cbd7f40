import type { Waveform } from "../core/packaged-recording.ts";
import { type SampleLoudness, tryOpenSampleLoudness } from "./sample-loudness.ts";
import { WavWalker } from "./wav-walker.ts";

/** Takes how loud a WAV file is from its samples, of whichever codec has them one behind the other. */
export class WavLoudness {
  readonly #walker = new WavWalker((run) => this.#take(run));
  #samples: SampleLoudness | undefined;

  push(chunk: Uint8Array): void {
    this.#walker.push(chunk);
  }

  end(): Waveform | undefined {
    this.#walker.end();
    return this.#samples?.end();
  }

  #take(run: Uint8Array): void {
    if (this.#walker.format !== undefined) this.#samples ??= tryOpenSampleLoudness(this.#walker.format);
    this.#samples?.push(run);
  }
}
