/** Enough for one trip to the disk to be worth it. */
const PIECE_LENGTH = 1 << 16;

/** Puts short texts together to pieces that are worth a write each, in UTF-8. */
export async function* toTextPieces(texts: Iterable<string>): AsyncGenerator<Uint8Array> {
  let piece = "";
  for (const text of texts) {
    piece += text;
    if (piece.length < PIECE_LENGTH) continue;
    yield Buffer.from(piece);
    piece = "";
  }
  yield Buffer.from(piece);
}
