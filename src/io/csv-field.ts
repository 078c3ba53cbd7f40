/**
 * Where a spreadsheet would begin a formula: at the start of a cell, and behind what another country's spreadsheet takes for
 * the end of one. Marks that stand there already count as nothing, so that {@link dropFormulaMarks} finds the one that was
 * put.
 *
 * @see OWASP, "CSV Injection"
 */
const FORMULA = /^(?='*[=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20])|(?<=[;\t\r\n])(?='*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20])/g;
const MARK = /^'(?='*[=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20])|(?<=[;\t\r\n])'(?='*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20])/g;

/**
 * Writes a text as a field of a CSV file: as it is, but with a `'` where a spreadsheet would begin a formula, and in quotes
 * where it could be taken for more than one field.
 *
 * @see RFC 4180 section 2
 */
export function toCsvField(text: string): string {
  const marked = text.replaceAll(FORMULA, "'");
  return /[",;\t\r\n]|^\s|\s$/.test(marked) ? `"${marked.replaceAll('"', '""')}"` : marked;
}

/** Takes the marks off again that {@link toCsvField} put; quotes are gone already. */
export function dropFormulaMarks(text: string): string {
  return text.replaceAll(MARK, "");
}
