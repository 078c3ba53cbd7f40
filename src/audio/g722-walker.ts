import { type Structure, toLength } from "./structure.ts";
import type { AudioSink, Walker } from "./walker.ts";

const SAMPLE_RATE_HZ = 16000;
/** 64 kbit/s: 8 bits for two samples. */
const SAMPLES_PER_BYTE = 2;

/**
 * Measures raw G.722, in which every byte is audio and nothing could be wrong.
 *
 * @see ITU-T G.722
 */
export class G722Walker implements Walker {
  readonly #sink: AudioSink;
  #packetBytes = 0;

  constructor(sink: AudioSink) {
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    this.#sink(chunk);
    this.#packetBytes += chunk.length;
  }

  end(): Structure {
    const samples = this.#packetBytes * SAMPLES_PER_BYTE;
    return {
      container: "g722",
      codec: "adpcm_g722",
      sampleRateHz: SAMPLE_RATE_HZ,
      channels: 1,
      frames: this.#packetBytes,
      samplesExact: true,
      declaredDurationSeconds: undefined,
      ...toLength({ samples, samplesRateHz: SAMPLE_RATE_HZ, packetBytes: this.#packetBytes }),
      complete: undefined,
      defects: [],
      remarks: ["It has no header: taken for G.722 by its name."],
    };
  }
}
