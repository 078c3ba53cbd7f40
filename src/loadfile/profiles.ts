import { type LoadFileEncoding, UTF_8, WINDOWS_1252 } from "./encodings.ts";
import { CSV, DAT, type LoadFileSyntax } from "./syntax.ts";

/** The forms in which a load file can be had: delimiters, encoding, line ends and how paths are written. */
export const LOAD_FILE_PROFILES = ["dat", "dat-windows-1252", "csv"] as const;
export type LoadFileProfile = (typeof LOAD_FILE_PROFILES)[number];

/** What ends every line, the last one too. */
export const LINE_END = "\r\n";

/** What a profile's name stands for. */
interface LoadFileForm {
  readonly syntax: LoadFileSyntax;
  readonly encoding: LoadFileEncoding;
}

const FORMS: Readonly<Record<LoadFileProfile, LoadFileForm>> = {
  dat: { syntax: DAT, encoding: UTF_8 },
  "dat-windows-1252": { syntax: DAT, encoding: WINDOWS_1252 },
  csv: { syntax: CSV, encoding: UTF_8 },
};

/** Tells what a profile's name stands for. */
export function toLoadFileForm(profile: LoadFileProfile): LoadFileForm {
  return FORMS[profile];
}

/** Tells with which extension, without the full stop, a load file is named. */
export function toLoadFileExtension(profile: LoadFileProfile): "dat" | "csv" {
  return FORMS[profile].syntax.extension;
}
