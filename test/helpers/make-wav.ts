/** What stands before the samples in {@link makeWavHeader}'s files. */
export const WAV_HEADER_BYTES = 44;

/** Makes the header of a WAV file of so many bytes in all: 16 kHz, 16 bit, mono. */
export function makeWavHeader(sizeBytes: number): Buffer {
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(sizeBytes - 8, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(16_000, 24);
  header.writeUInt32LE(32_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(sizeBytes - WAV_HEADER_BYTES, 40);
  return header;
}
