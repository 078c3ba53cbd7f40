import { type BagCase, invalid, remarked, valid } from "../bag-case.ts";
import { bag } from "../bag-files.ts";

function informed(text: string, version = "1.0", name = "bag-info.txt") {
  return { files: bag({ version, tags: { [name]: text } }) };
}

/** bag-info.txt and its Payload-Oxum. */
export const BAG_INFO_CASES: readonly BagCase[] = [
  valid(
    "2.2.2",
    "metadata, repeated and continued",
    informed("Contact-Name: A\nContact-Name: B\nNote: one\n  two\n\tthree\nPayload-Oxum: 26.2\n"),
  ),
  valid("2.2.2", "labels with spaces, values with colons", informed("Call centre: Ghent: the tower\n")),
  invalid("2.2.2", "white space before a colon", { ...informed("Contact-Name : A\n"), kinds: ["not-conforming"] }),
  valid(
    "2.2.2",
    "white space around colons in 0.97",
    informed("Contact-Name \t: A\nNote:B\nLong:\t  C\nPayload-Oxum : 26.2\n", "0.97"),
  ),
  remarked("2.2.2", "no space behind a colon", { ...informed("Contact-Name:A\n"), remark: /not one space/ }),
  invalid("2.2.2", "a line without a colon", {
    ...informed("Contact-Name: A\nno metadata\n"),
    kinds: ["not-conforming"],
  }),
  remarked("2.2.2", "empty lines", { ...informed("Contact-Name: A\n\nNote: B\n"), remark: /empty lines/ }),
  invalid("2.2.2", "a Payload-Oxum with too few bytes", {
    ...informed("Payload-Oxum: 25.2\n"),
    kinds: ["size-mismatch"],
  }),
  invalid("2.2.2", "a Payload-Oxum with too many files", {
    ...informed("payload-oxum: 26.3\n", "0.97"),
    kinds: ["size-mismatch"],
  }),
  invalid("2.2.2", "a Payload-Oxum of another form", {
    ...informed("Payload-Oxum: 26 bytes\n"),
    kinds: ["not-conforming"],
  }),
  invalid("2.2.2", "two Payload-Oxum", {
    ...informed("Payload-Oxum: 26.2\nPayload-Oxum: 26.2\n"),
    kinds: ["not-conforming"],
  }),
  remarked("2.2.2", "two Payload-Oxum in 0.96", {
    ...informed("Payload-Oxum: 26.2\nPayload-Oxum: 26.2\n", "0.96"),
    remark: /more than one/,
  }),
  valid(
    "0.95, 2.2.3",
    "package-info.txt in 0.95",
    informed("Contact-Name : A\nPayload-Oxum: 26.2\n", "0.95", "package-info.txt"),
  ),
  ...["0.93", "0.94", "0.95"].map((version) =>
    invalid(`${version}, 2.2.3`, `a wrong Payload-Oxum in package-info.txt of ${version}`, {
      ...informed("Payload-Oxum: 1.1\n", version, "package-info.txt"),
      kinds: ["size-mismatch"],
    }),
  ),
];
