import { open, stat } from "node:fs/promises";

/** Turns over the lowest bit of the byte in the middle of a file; a second call turns it back. */
export async function flipByte(path: string): Promise<void> {
  const position = Math.floor((await stat(path)).size / 2);
  const file = await open(path, "r+");
  try {
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, position);
    await file.write(Buffer.of((byte[0] ?? 0) ^ 1), 0, 1, position);
  } finally {
    await file.close();
  }
}
