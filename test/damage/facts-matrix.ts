import { encodeSpeech } from "./samples.ts";

/** A length that is no multiple of any frame. */
const SECONDS = 7.31;

const MP3 = [
  ...["8000", "11025", "12000", "16000", "22050", "24000"].map((rate) => `-ac 1 -ar ${rate} -b:a 32k`),
  ...["32000", "44100", "48000"].map((rate) => `-ac 2 -ar ${rate} -b:a 128k`),
  ...["-ac 1 -ar 16000 -b:a 64k -write_xing 0", "-ac 2 -ar 44100 -q:a 4", "-ac 1 -ar 16000 -b:a 48k -abr 1"],
  "-ac 2 -ar 16000 -b:a 64k -joint_stereo 0",
].map((options) => [`.mp3`, `-c:a libmp3lame ${options}`] as const);

const OPUS = [
  ...["8000", "12000", "16000", "24000", "48000"].map((rate) => `-ac 1 -ar ${rate} -b:a 32k`),
  ...["2.5", "5", "10", "40", "60"].map((frame) => `-ac 1 -ar 16000 -b:a 24k -frame_duration ${frame}`),
  ...["-ac 2 -ar 48000 -b:a 64k", "-ac 1 -ar 16000 -b:a 32k -vbr off", "-ac 1 -ar 16000 -b:a 12k -application voip"],
].map((options) => [".opus", `-c:a libopus ${options}`] as const);

const LINEAR = ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le", "pcm_alaw", "pcm_mulaw"];

const WAV = [
  ...LINEAR.map((codec) => `-c:a ${codec} -ac 1 -ar 8000`),
  ...[
    "-c:a pcm_s16le -ac 2 -ar 16000",
    "-c:a pcm_s24le -ac 2 -ar 48000",
    "-c:a pcm_s16le -ac 1 -ar 16000 -rf64 always",
  ],
  ...["-c:a adpcm_ms -ac 1 -ar 8000", "-c:a adpcm_ima_wav -ac 2 -ar 16000"],
].map((options) => [".wav", options] as const);

/** Encodes speech in every way that the embedded ffmpeg offers for the three formats: the options and the bytes. */
export function* encodeMatrix(): Generator<{ readonly name: string; readonly ending: string; readonly bytes: Buffer }> {
  for (const [ending, options] of [...WAV, ...MP3, ...OPUS]) {
    yield { name: options, ending, bytes: encodeSpeech(`matrix${ending}`, SECONDS, options) };
  }
}
