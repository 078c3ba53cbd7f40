import { noise } from "./bytes.ts";

/** Frames of AMR at 12.2 kbit/s: type 7, good quality, 32 bytes. RFC 4867 section 5.3. */
export const AMR_FRAME_BYTES = 32;
/** Frames of AMR-WB at 23.85 kbit/s: type 8, good quality, 61 bytes. */
export const AMR_WB_FRAME_BYTES = 61;
export const GSM_FRAME_BYTES = 33;

/** Frames of any speech behind a first byte; noise that holds no 0xDx, for the marks of GSM must be rare. */
function speech(count: number, first: number, frameBytes: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) =>
    Buffer.concat([Buffer.from([first]), noise(frameBytes - 1, index + 1).map((byte) => byte & 0xbf)]),
  );
}

export function amrFrames(count: number): readonly Buffer[] {
  return speech(count, 0x3c, AMR_FRAME_BYTES);
}

export function amr(count = 100): Buffer {
  return Buffer.concat([Buffer.from("#!AMR\n"), ...amrFrames(count)]);
}

export function amrWb(count = 100): Buffer {
  return Buffer.concat([Buffer.from("#!AMR-WB\n"), ...speech(count, 0x44, AMR_WB_FRAME_BYTES)]);
}

export function gsmFrames(count: number): readonly Buffer[] {
  return speech(count, 0xd8, GSM_FRAME_BYTES);
}

export function gsm(count = 100): Buffer {
  return Buffer.concat(gsmFrames(count));
}
