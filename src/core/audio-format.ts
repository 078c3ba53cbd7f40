/** The three formats the vendor records in and Holdfast converts between. */
export const AUDIO_FORMATS = ["mp3", "wav", "opus"] as const;
export type AudioFormat = (typeof AUDIO_FORMATS)[number];

/** Tells whether a text names one of the three documented formats. */
export function isAudioFormat(text: string): text is AudioFormat {
  return (AUDIO_FORMATS as readonly string[]).includes(text);
}
