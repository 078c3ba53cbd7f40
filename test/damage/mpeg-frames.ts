/** The audio frames of a whole Layer III file, without its Info frame. */
interface MpegFrames {
  readonly frames: readonly { readonly from: number; readonly to: number }[];
  readonly samplesPerFrame: number;
  readonly sampleRateHz: number;
  readonly delaySamples: number;
  readonly paddingSamples: number;
}

const KBPS_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const KBPS_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/** Reads a whole file as an encoder leaves it: an ID3v2 tag perhaps, an Info frame perhaps, frames up to the end. */
export function readMpegFrames(bytes: Buffer): MpegFrames {
  let position = bytes.toString("latin1", 0, 3) === "ID3" ? 10 + syncsafe(bytes.subarray(6, 10)) : 0;
  const isMpeg1 = ((bytes[position + 1] ?? 0) & 0x18) === 0x18;
  const divisor = isMpeg1 ? 1 : ((bytes[position + 1] ?? 0) & 0x18) === 0x10 ? 2 : 4;
  const sampleRateHz = ([44100, 48000, 32000][((bytes[position + 2] ?? 0) >> 2) & 3] ?? 0) / divisor;
  const samplesPerFrame = isMpeg1 ? 1152 : 576;
  const frames: { from: number; to: number }[] = [];
  while (position + 4 <= bytes.length && bytes[position] === 0xff) {
    const flags = bytes[position + 2] ?? 0;
    const kbps = (isMpeg1 ? KBPS_1 : KBPS_2)[flags >> 4] ?? 0;
    const to = position + Math.floor((samplesPerFrame * 125 * kbps) / sampleRateHz) + ((flags >> 1) & 1);
    frames.push({ from: position, to });
    position = to;
  }
  const info = frames[0] === undefined ? Buffer.alloc(0) : bytes.subarray(frames[0].from, frames[0].to);
  const hasInfo = /Xing|Info/.test(info.toString("latin1", 0, 64));
  const gap = hasInfo ? readGap(info) : 0;
  return {
    ...{ frames: hasInfo ? frames.slice(1) : frames, samplesPerFrame, sampleRateHz },
    ...{ delaySamples: gap >>> 12, paddingSamples: gap & 0xfff },
  };
}

/** Delay and padding, twelve bits each, 21 bytes behind the begin of the encoder's name. */
function readGap(info: Buffer): number {
  const name = /LAME|Lav[cf]/.exec(info.toString("latin1"));
  return name === null ? 0 : info.readUIntBE(name.index + 21, 3);
}

function syncsafe(size: Uint8Array): number {
  return size.reduce((sum, byte) => sum * 128 + byte, 0);
}
