import fc from "fast-check";
import { expect, it } from "vitest";
import { compareByteOrder } from "../../../src/checksum/byte-order.ts";

it("orders as UTF-8 bytes do", () => {
  const names = fc.array(fc.string({ unit: "binary", maxLength: 5 }), { maxLength: 20 });
  fc.assert(
    fc.property(names, (texts) => {
      const byBytes = texts.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(texts.toSorted(compareByteOrder)).toEqual(byBytes);
    }),
  );
});

it("puts what is beyond the basic plane behind what is at its end", () => {
  expect(["😀", "\uff5e", "a"].toSorted(compareByteOrder)).toEqual(["a", "\uff5e", "😀"]);
});
