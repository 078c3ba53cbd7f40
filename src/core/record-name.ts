/** Stands behind an output's whole name in the name of the record that says how it was made. */
export const RECORD_SUFFIX = ".holdfast.json";
