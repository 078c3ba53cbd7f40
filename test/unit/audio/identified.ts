import { createHash } from "node:crypto";
import { Identifier, type Identity } from "../../../src/audio/identify.ts";
import type { Structure } from "../../../src/audio/structure.ts";

/** Pushes `bytes` in pieces that end at the given positions. */
export function identified(bytes: Uint8Array, cuts: readonly number[] = []): Identity {
  const identifier = new Identifier();
  const ends = [...cuts, bytes.length].sort((a, b) => a - b);
  let from = 0;
  for (const end of ends) {
    // A copy that is wiped afterwards: nothing may be read from a chunk after push has returned.
    const piece = Buffer.from(bytes.subarray(from, end));
    identifier.push(piece);
    piece.fill(0xff);
    from = end;
  }
  return identifier.end();
}

/** Pushes `bytes` in pieces of one size. */
export function identifiedInPieces(bytes: Uint8Array, pieceBytes: number): Identity {
  const count = Math.floor(bytes.length / pieceBytes);
  return identified(
    bytes,
    Array.from({ length: count }, (_, index) => (index + 1) * pieceBytes),
  );
}

export function structureOf(bytes: Uint8Array): Structure {
  const { structure } = identified(bytes);
  if (structure === undefined) throw new Error("the bytes are no recording");
  return structure;
}

export function kindsOf(bytes: Uint8Array): readonly string[] {
  return structureOf(bytes).defects.map(({ kind }) => kind);
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
