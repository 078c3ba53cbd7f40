import { noise, uint16le, uint32le } from "./bytes.ts";

export interface WavShape {
  readonly tag?: number;
  readonly channels?: number;
  readonly rateHz?: number;
  readonly bits?: number;
  readonly blockAlign?: number;
  readonly bytesPerSecond?: number;
  /** What the data chunk's header says, when it is not the truth. */
  readonly declaredBytes?: number;
  /** What the RIFF header says, when it is not the truth. */
  readonly riffBytes?: number;
  readonly magic?: string;
  readonly extra?: Uint8Array;
  readonly before?: readonly Uint8Array[];
  readonly after?: readonly Uint8Array[];
}

export const PCM_DATA = noise(32000);

export function chunk(id: string, body: Uint8Array, declaredBytes = body.length): Buffer {
  const pad = Buffer.alloc(body.length % 2);
  return Buffer.concat([Buffer.from(id, "latin1"), uint32le(declaredBytes), body, pad]);
}

/** Writes a WAV: 16-bit mono at 16 kHz unless told otherwise. */
export function wav(data: Uint8Array = PCM_DATA, shape: WavShape = {}): Buffer {
  const { tag = 1, channels = 1, rateHz = 16000, bits = 16 } = shape;
  const { blockAlign = (channels * bits) / 8, bytesPerSecond = rateHz * blockAlign } = shape;
  const fields = [uint16le(tag), uint16le(channels), uint32le(rateHz), uint32le(bytesPerSecond), uint16le(blockAlign)];
  const format = chunk("fmt ", Buffer.concat([...fields, uint16le(bits), shape.extra ?? Buffer.alloc(0)]));
  const body = Buffer.concat([
    ...(shape.before ?? []),
    format,
    chunk("data", data, shape.declaredBytes),
    ...(shape.after ?? []),
  ]);
  const riff = uint32le(shape.riffBytes ?? body.length + 4);
  return Buffer.concat([Buffer.from(shape.magic ?? "RIFF", "latin1"), riff, Buffer.from("WAVE", "latin1"), body]);
}
