import type { OpusHead } from "./opus-head.ts";
import type { OpusLink } from "./opus-link.ts";

/** The sums over the links of a file. A chain may have any number of them, so none is kept. */
export class OpusTotals {
  /** Header of the first link, which stands for the file. */
  head: OpusHead | undefined;
  links = 0;
  packets = 0;
  packetBytes = 0;
  unplayablePackets = 0;
  samples = 0;
  /** Undefined as soon as one link does not say where it ends. */
  declaredSamples: number | undefined = 0;
  /** Where the clock of the first link stands at its first sample. */
  startGranule = 0;
  hasChangingChannels = false;

  /** Adds a link that nothing can follow any more. */
  add(link: OpusLink): void {
    if (this.links === 0) {
      this.head = link.head;
      this.startGranule = link.startGranule;
    }
    this.links += 1;
    this.packets += link.packets;
    this.packetBytes += link.packetBytes;
    this.unplayablePackets += link.unplayablePackets;
    this.samples += link.samples;
    if (link.declaredSamples === undefined) this.declaredSamples = undefined;
    else if (this.declaredSamples !== undefined) this.declaredSamples += link.declaredSamples;
    this.hasChangingChannels ||= link.head?.channels !== this.head?.channels;
  }
}
