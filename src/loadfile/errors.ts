import { HoldfastError, type HoldfastErrorOptions } from "../core/errors.ts";
import type { LoadFileField } from "./fields.ts";
import type { LoadFileProfile } from "./profiles.ts";

/** A value has a character that the profile's encoding has not; nothing was left out for it. */
export class LoadFileValueError extends HoldfastError<"LOAD_FILE_UNWRITABLE"> {
  readonly code = "LOAD_FILE_UNWRITABLE";
  readonly controlNumber: string;
  readonly field: LoadFileField;

  constructor(value: { controlNumber: string; field: LoadFileField; profile: LoadFileProfile; character: string }) {
    const { controlNumber, field, profile, character } = value;
    const digits = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    super(
      `${field} of ${controlNumber} has a character that the load file profile ${profile} cannot write: U+${digits}`,
      {
        hint: "the profiles dat and csv can write every character",
      },
    );
    this.controlNumber = controlNumber;
    this.field = field;
  }
}

/** A load file is not of the form of its profile. */
export class LoadFileError extends HoldfastError<"LOAD_FILE_INVALID"> {
  readonly code = "LOAD_FILE_INVALID";

  constructor(reason: string, options?: HoldfastErrorOptions) {
    super(`load file cannot be read: ${reason}`, options);
  }
}
