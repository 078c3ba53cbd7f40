/**
 * How many samples of an MP3 without LAME's delay and padding decoders may disagree about: the first frame,
 * which one that keeps no bit reservoir drops, the last one, and the delay of 576 + 529 of encoder and decoder.
 */
export const OPEN_MP3_SAMPLES = 2 * 1152 + 576 + 529;
