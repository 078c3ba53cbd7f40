import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dropFormulaMarks, toCsvField } from "../../../src/io/csv-field.ts";

test("every text comes back, whatever marks it has of its own", () => {
  const sign = fc.constantFrom("'", "=", "-", ";", ",", '"', "\t", "\r", "\n", " ", "\uFF1D", "a");
  fc.assert(
    fc.property(fc.string({ unit: sign }), (text) => {
      const [[field = ""] = []] = parse(`${toCsvField(text)},\r\n`, { record_delimiter: "\r\n" });
      expect(dropFormulaMarks(field)).toBe(text);
      expect(field).not.toMatch(/(?:^|[;\t\r\n])[=-]/);
    }),
    { numRuns: 1000 },
  );
});
