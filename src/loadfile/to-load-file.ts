import type { PackagedRecording } from "../core/packaged-recording.ts";
import { LoadFileValueError } from "./errors.ts";
import { LOAD_FILE_FIELDS, toRow } from "./fields.ts";
import { LINE_END, type LoadFileProfile, toLoadFileForm } from "./profiles.ts";

/** What a load file is written with. */
export interface LoadFileOptions {
  readonly profile: LoadFileProfile;
  /** Of whom the recordings were obtained; stands in every row. */
  readonly custodian: string | undefined;
}

/** Enough for one trip to the disk to be worth it. */
const PIECE_LENGTH = 1 << 16;

/**
 * Writes a load file, piece by piece: a line of names, then one for each recording, in the order given. Every value can be read
 * back as it was, but that a `.dat` knows one kind of line end only.
 *
 * @throws {LoadFileValueError} the profile's encoding has not all characters of a value.
 */
export function* toLoadFile(recordings: Iterable<PackagedRecording>, options: LoadFileOptions): Generator<Uint8Array> {
  const { encoding } = toLoadFileForm(options.profile);
  let piece = encoding.byteOrderMark;
  for (const line of toLines(recordings, options)) {
    piece += line + LINE_END;
    if (piece.length < PIECE_LENGTH) continue;
    yield encoding.toBytes(piece);
    piece = "";
  }
  if (piece !== "") yield encoding.toBytes(piece);
}

function* toLines(recordings: Iterable<PackagedRecording>, { profile, custodian }: LoadFileOptions): Generator<string> {
  const { syntax, encoding } = toLoadFileForm(profile);
  const { pathSeparator, separator, toCell } = syntax;
  yield LOAD_FILE_FIELDS.map(toCell).join(separator);
  for (const recording of recordings) {
    const row = toRow(recording, { custodian, pathSeparator });
    const cells = LOAD_FILE_FIELDS.map((field) => {
      const cell = toCell(row[field]);
      const character = encoding.findMissing(cell);
      if (character === undefined) return cell;
      throw new LoadFileValueError({ controlNumber: row.BEGBATES, field, profile, character });
    });
    yield cells.join(separator);
  }
}
